package org.xrv.trainer.report;

import java.util.ArrayList;
import java.util.List;

/**
 * From values to pixels.
 *
 * @param from the value at the first pixel
 * @param to the value at the last pixel, more than from
 * @param first a pixel
 * @param last a pixel, for a vertical axis above the first
 */
record Axis(double from, double to, boolean logarithmic, double first, double last) {
  private static final double[] NICE = {1, 2, 5, 10};

  Axis {
    if (!(from < to) || (logarithmic && from <= 0)) {
      throw new IllegalArgumentException("no axis from " + from + " to " + to);
    }
  }

  double pixel(double value) {
    return first + (last - first) * (scaled(value) - scaled(from)) / (scaled(to) - scaled(from));
  }

  private double scaled(double value) {
    return logarithmic ? Math.log10(value) : value;
  }

  /** About so many round values. */
  List<Double> ticks(int count) {
    List<Double> ticks = logarithmic ? decades() : List.of();
    return ticks.size() >= 2 ? thinned(ticks, count) : linear(count);
  }

  private List<Double> linear(int count) {
    double rough = (to - from) / count;
    double power = Math.pow(10, Math.floor(Math.log10(rough)));
    double step = 10 * power;
    for (double nice : NICE) {
      if (nice * power >= rough) {
        step = nice * power;
        break;
      }
    }
    List<Double> ticks = new ArrayList<>();
    // Whole multiples: adding up would drift away from round numbers.
    for (long i = (long) Math.ceil(from / step - 1e-9); i * step <= to + step * 1e-9; i++) {
      ticks.add(i * step);
    }
    return ticks;
  }

  private List<Double> decades() {
    boolean few = Math.log10(to / from) < 2.5;
    List<Double> ticks = new ArrayList<>();
    for (int e = (int) Math.floor(Math.log10(from)); e <= Math.ceil(Math.log10(to)); e++) {
      for (double nice : few ? new double[] {1, 2, 5} : new double[] {1}) {
        double tick = nice * Math.pow(10, e);
        if (tick >= from * (1 - 1e-9) && tick <= to * (1 + 1e-9)) {
          ticks.add(tick);
        }
      }
    }
    return ticks;
  }

  private static List<Double> thinned(List<Double> ticks, int count) {
    int every = (ticks.size() + 2 * count - 1) / (2 * count);
    List<Double> some = new ArrayList<>();
    for (int i = 0; i < ticks.size(); i += every) {
      some.add(ticks.get(i));
    }
    return some;
  }
}
