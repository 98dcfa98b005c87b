package org.xrv.trainer.report;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.xrv.trainer.log.LogLine;

/**
 * A line in a chart.
 *
 * @param points by step, ascending, none with a value that is not finite
 */
record Curve(String name, Style style, List<Point> points) {
  /** A curve of more points than this is thinned out: a page must stay small. */
  static final int MOST_POINTS = 800;

  /** How a curve is drawn, as its class in the style sheet. */
  enum Style {
    MAIN,
    SECOND,
    /** One of many. */
    OTHER,
    /** Values that jump, behind their smoothed curve. */
    FAINT,
    /** What others are compared with. */
    REFERENCE
  }

  record Point(double step, double value) {}

  Curve {
    points = points.stream().filter(p -> Double.isFinite(p.value())).toList();
  }

  /** The numbers of a name in lines of a log. */
  static Curve of(String name, Style style, List<LogLine> lines, String key) {
    return of(name, style, lines, line -> line.values().getOrDefault(key, Double.NaN));
  }

  static Curve of(String name, Style style, List<LogLine> lines, ToDoubleFunction<LogLine> value) {
    return new Curve(
        name,
        style,
        lines.stream().map(l -> new Point((double) l.step(), value.applyAsDouble(l))).toList());
  }

  boolean isEmpty() {
    return points.isEmpty();
  }

  /**
   * Exponentially smoothed over about this many points; the first ones count as they are (Kingma
   * and Ba 2015, section 3: bias correction).
   */
  Curve smoothed(String newName, Style newStyle, int over) {
    double keep = 1 - 1.0 / Math.max(1, over);
    double mean = 0;
    double weight = 0;
    List<Point> smooth = new ArrayList<>();
    for (Point point : points) {
      mean = keep * mean + (1 - keep) * point.value();
      weight = keep * weight + (1 - keep);
      smooth.add(new Point(point.step(), mean / weight));
    }
    return new Curve(newName, newStyle, smooth);
  }

  /** With the least and the greatest of neighbours kept, so that no peak is lost. */
  Curve thinned() {
    if (points.size() <= MOST_POINTS) {
      return this;
    }
    int groups = MOST_POINTS / 2 - 1;
    List<Point> kept = new ArrayList<>();
    kept.add(points.get(0));
    for (int g = 0; g < groups; g++) {
      int from = (int) ((long) g * points.size() / groups);
      int to = (int) ((long) (g + 1) * points.size() / groups);
      int least = from;
      int greatest = from;
      for (int i = from; i < to; i++) {
        least = points.get(i).value() < points.get(least).value() ? i : least;
        greatest = points.get(i).value() > points.get(greatest).value() ? i : greatest;
      }
      add(points.get(Math.min(least, greatest)), kept);
      add(points.get(Math.max(least, greatest)), kept);
    }
    add(points.get(points.size() - 1), kept);
    return new Curve(name, style, kept);
  }

  private static void add(Point point, List<Point> into) {
    if (point.step() > into.get(into.size() - 1).step()) {
      into.add(point);
    }
  }
}
