package org.xrv.explainer.search;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * One side of a {@link ReachSearch}: what was seen on the way out from lambda 0, and where to look
 * next. "Way" is how far the prediction moved in the direction that is asked for.
 */
final class Side {
  /** The first lambdas, in units of what the slope promises: networks bend both ways. */
  private static final double[] FIRST = {1, 2, 0.5, 4};

  /** How much further to look where nothing that ends the range was seen. */
  private static final double FURTHER = 4;

  /** The prediction turns when it loses this share of what is asked for. */
  private static final double TURN = 0.02;

  /** The prediction stands still when it moves by less than this share over a doubled lambda. */
  private static final double STILL = 0.02;

  private final int sign;
  private final Tangent tangent;
  private final double goal;
  private final double tolerance;
  private final double limit;
  private final double unit;
  private final TreeSet<Step> seen =
      new TreeSet<>(Comparator.comparingDouble((Step s) -> Math.abs(s.lambda())));

  /**
   * A side on which nothing was seen.
   *
   * @param sign of its lambdas: -1 or 1
   * @param goal how far the prediction shall move, at least 0
   * @param tolerance how near is near enough, in the prediction's unit
   * @param limit the largest change allowed
   */
  Side(int sign, Tangent tangent, double goal, double tolerance, double limit) {
    this.sign = sign;
    this.tangent = tangent;
    this.goal = goal;
    this.tolerance = tolerance;
    this.limit = limit;
    this.unit = promised();
    seen.add(new Step(0, tangent.prediction(), 0));
  }

  /** Where the goal would be if the log odds were linear in lambda, or else the prediction. */
  private double promised() {
    double p = tangent.prediction();
    double there = p + sign * goal;
    return p > 0 && p < 1 && there > 0 && there < 1
        ? Math.abs(logOdds(there) - logOdds(p)) / (tangent.slope() / (p * (1 - p)))
        : goal / tangent.slope();
  }

  private static double logOdds(double p) {
    return Math.log(p / (1 - p));
  }

  void add(Step step) {
    seen.add(step);
  }

  private double way(Step step) {
    return sign * (step.prediction() - tangent.prediction());
  }

  /** Neighbours, the outer of which ends the range in one of three ways. */
  private record Event(StopReason reason, Step inner, Step outer) {}

  private Optional<Event> event() {
    Step inner = null;
    for (Step outer : seen) {
      if (inner != null) {
        if (outer.change() > limit) {
          return Optional.of(new Event(StopReason.PIXEL_CHANGE, inner, outer));
        } else if (way(outer) < way(inner) - TURN * goal) {
          return Optional.of(new Event(StopReason.TURNED, inner, outer));
        } else if (way(outer) >= goal) {
          return Optional.of(new Event(StopReason.REACHED, inner, outer));
        }
      }
      inner = outer;
    }
    return Optional.empty();
  }

  /** Steps of the range that is fit for use, from lambda 0 outwards. */
  private List<Step> fit(Optional<Event> event) {
    List<Step> fit = new ArrayList<>();
    for (Step s : seen) {
      if (event.isPresent() && s.equals(event.get().outer())) {
        if (event.get().reason() == StopReason.REACHED) {
          fit.add(s);
        }
        return fit;
      }
      fit.add(s);
    }
    return fit;
  }

  private boolean isNear(Step step) {
    return Math.abs(way(step) - goal) <= tolerance;
  }

  private Optional<Step> near(List<Step> fit) {
    return fit.stream()
        .filter(this::isNear)
        .min(Comparator.comparingDouble(s -> Math.abs(way(s) - goal)));
  }

  /**
   * The lambdas to look at next.
   *
   * @param room how many at most
   * @return none when the side is done
   */
  List<Double> wanted(int room) {
    if (goal == 0 || room <= 0) {
      return List.of();
    }
    List<Double> lambdas = new ArrayList<>();
    if (seen.size() == 1) {
      for (int i = 0; i < Math.min(room, FIRST.length); i++) {
        lambdas.add(sign * unit * FIRST[i]);
      }
      return lambdas;
    }
    Optional<Event> event = event();
    if (near(fit(event)).isPresent()) {
      return List.of();
    }
    if (event.isEmpty()) {
      return stands() ? List.of() : further(room);
    }
    if (isSettled(event.get())) {
      return List.of();
    }
    Step a = start(event.get());
    Step b = event.get().outer();
    double width = Math.abs(b.lambda() - a.lambda());
    double start = Math.abs(a.lambda());
    for (double share : shares(event.get(), Math.min(room, 3))) {
      lambdas.add(sign * (start + share * width));
    }
    return lambdas;
  }

  private List<Double> further(int room) {
    List<Double> lambdas = new ArrayList<>();
    double lambda = seen.last().lambda();
    for (int i = 0; i < Math.min(room, 3); i++) {
      lambda *= FURTHER;
      lambdas.add(lambda);
    }
    return lambdas;
  }

  /** Whether the last doubling of lambda, or more, moved the prediction no further. */
  private boolean stands() {
    Step last = seen.last();
    Step before = seen.lower(last);
    return before.lambda() != 0
        && Math.abs(last.lambda()) > FIRST[FIRST.length - 1] * unit * 1.5
        && way(last) - way(before) < STILL * goal;
  }

  /** Where to start looking: a prediction that turns may do so before its best step or after it. */
  private Step start(Event event) {
    Step before = seen.lower(event.inner());
    return event.reason() == StopReason.TURNED && before != null ? before : event.inner();
  }

  /** Whether a bound other than the goal's is known well enough. */
  private boolean isSettled(Event event) {
    return switch (event.reason()) {
      case PIXEL_CHANGE -> event.inner().change() >= 0.9 * limit;
      case TURNED ->
          Math.abs(event.outer().lambda() - start(event).lambda())
              <= 0.3 * Math.abs(event.outer().lambda());
      default -> false;
    };
  }

  /** Where between the event's steps to look, as shares of their distance, in rising order. */
  private double[] shares(Event event, int room) {
    Step a = event.inner();
    Step b = event.outer();
    if (event.reason() == StopReason.TURNED) {
      return around(vertex(start(event), a, b), 0.15, room);
    }
    boolean pixels = event.reason() == StopReason.PIXEL_CHANGE;
    double linear =
        pixels
            ? (0.95 * limit - a.change()) / (b.change() - a.change())
            : (height(goal()) - height(a)) / (height(b) - height(a));
    double curved = pixels ? linear : curved(a, b, linear);
    double doubt = Math.max(Math.abs(curved - linear) / 2, 0.02);
    double[] around = around(curved, doubt, 3);
    return switch (room) {
      case 1 -> new double[] {around[1]};
      case 2 ->
          linear > curved
              ? new double[] {around[1], around[2]}
              : new double[] {around[0], around[1]};
      default -> around;
    };
  }

  /** A share and its neighbours on both sides, all of them well inside. */
  private static double[] around(double share, double doubt, int room) {
    double middle = Math.min(0.98, Math.max(0.02, share));
    double below = Math.max(middle - doubt, middle / 2);
    double above = Math.min(middle + doubt, (1 + middle) / 2);
    return switch (room) {
      case 1 -> new double[] {middle};
      case 2 -> new double[] {below, above};
      default -> new double[] {below, middle, above};
    };
  }

  /** Where the parabola through three steps has its vertex, as a share of the way from a to c. */
  private double vertex(Step a, Step b, Step c) {
    double width = c.lambda() - a.lambda();
    double middle = (b.lambda() - a.lambda()) / width;
    double rise = way(b) - way(a);
    double fall = way(b) - way(c);
    if (middle <= 0 || rise <= 0) {
      return 0.5;
    }
    double left = middle * middle * fall;
    double right = (1 - middle) * (1 - middle) * rise;
    double over = middle * fall + (1 - middle) * rise;
    return middle + (right - left) / (2 * over);
  }

  private double goal() {
    return tangent.prediction() + sign * goal;
  }

  /** What is interpolated: log odds, in which networks are nearer to lines, for a probability. */
  private double height(Step step) {
    return height(step.prediction());
  }

  private double height(double prediction) {
    boolean odds = tangent.prediction() > 0 && tangent.prediction() < 1;
    return odds ? logOdds(Math.min(1 - 1e-9, Math.max(1e-9, prediction))) : prediction;
  }

  /** By a parabola of lambda over the height of three neighbours, if it stays between them. */
  private double curved(Step a, Step b, double linear) {
    Step third = seen.lower(a) != null ? seen.lower(a) : seen.higher(b);
    if (third == null) {
      return linear;
    }
    double goal = height(goal());
    double[] w = {height(a), height(b), height(third)};
    double[] l = {Math.abs(a.lambda()), Math.abs(b.lambda()), Math.abs(third.lambda())};
    if (w[0] == w[1] || w[0] == w[2] || w[1] == w[2]) {
      return linear;
    }
    double lambda = 0;
    for (int i = 0; i < 3; i++) {
      int j = (i + 1) % 3;
      int k = (i + 2) % 3;
      lambda += l[i] * (goal - w[j]) * (goal - w[k]) / ((w[i] - w[j]) * (w[i] - w[k]));
    }
    double share = (lambda - l[0]) / (l[1] - l[0]);
    return share > 0 && share < 1 ? share : linear;
  }

  /** Where the side ends, by what was seen. */
  Bound bound() {
    if (goal == 0) {
      return new Bound(0, StopReason.RECONSTRUCTION);
    }
    Optional<Event> event = event();
    List<Step> fit = fit(event);
    Optional<Step> near = near(fit);
    if (near.isPresent()) {
      return new Bound(near.get().lambda(), StopReason.REACHED);
    }
    Step furthest = fit.stream().max(Comparator.comparingDouble(this::way)).get();
    if (event.isEmpty()) {
      return stands()
          ? new Bound(first(fit, way(furthest) - STILL * goal).lambda(), StopReason.PLATEAU)
          : new Bound(furthest.lambda(), StopReason.OUT_OF_TRIES);
    }
    return switch (event.get().reason()) {
      case REACHED ->
          new Bound(
              fit.stream()
                  .min(Comparator.comparingDouble(s -> Math.abs(way(s) - goal)))
                  .get()
                  .lambda(),
              StopReason.NEARLY_REACHED);
      case TURNED -> new Bound(furthest.lambda(), StopReason.TURNED);
      default -> new Bound(event.get().inner().lambda(), event.get().reason());
    };
  }

  /** The innermost step that has come so far: beyond it, pictures change for nothing. */
  private Step first(List<Step> fit, double way) {
    return fit.stream().filter(s -> way(s) >= way).findFirst().get();
  }
}
