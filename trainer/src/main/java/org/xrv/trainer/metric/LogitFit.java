package org.xrv.trainer.metric;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Fits scale and shift of logits on labelled examples by Newton's method with step halving: the
 * negative log likelihood is convex in both (Lin, Lin and Weng 2007, "A note on Platt's
 * probabilistic outputs"). The labels are Platt's: (P + 1) / (P + 2) for P positives, 1 / (N + 2)
 * for N negatives instead of 1 and 0, so that kinds that the logits divide without error have a
 * finite scale.
 */
public final class LogitFit {
  private static final int ITERATIONS = 100;
  private static final double ENOUGH = 1e-10;

  /** Added to the diagonal of the Hessian, so that equal logits have a solution. */
  private static final double RIDGE = 1e-12;

  private LogitFit() {}

  /** Logits with their truth. */
  record Examples(List<Double> logits, List<Boolean> positive) {
    Examples {
      if (logits.size() != positive.size()) {
        throw new IllegalArgumentException(logits.size() + " logits, " + positive.size());
      }
      logits = List.copyOf(logits);
      positive = List.copyOf(positive);
    }

    boolean bothKinds() {
      return positive.contains(true) && positive.contains(false);
    }

    /** Every second one, from the first or the second on. */
    Examples half(int from) {
      List<Double> l = new ArrayList<>();
      List<Boolean> p = new ArrayList<>();
      for (int i = from; i < logits.size(); i += 2) {
        l.add(logits.get(i));
        p.add(positive.get(i));
      }
      return new Examples(l, p);
    }
  }

  /**
   * Platt scaling: scale and shift of one target.
   *
   * @return empty when there are no positives or no negatives, or higher logits are not more likely
   *     positive: a network that ranks the wrong way is not turned round in silence
   */
  public static Optional<LogitScaling> platt(List<Double> logits, List<Boolean> positive) {
    Examples examples = new Examples(logits, positive);
    return examples.bothKinds() ? fit(List.of(examples), true) : Optional.empty();
  }

  /**
   * Temperature scaling (Guo et al. 2017): one scale 1 / T for all targets, no shift. Targets
   * without both kinds take no part.
   *
   * @param logits by target
   * @param positive by target
   * @return empty when no target has both kinds, or the best scale is not above 0
   */
  public static Optional<LogitScaling> temperature(
      List<List<Double>> logits, List<List<Boolean>> positive) {
    List<Examples> useful = new ArrayList<>();
    for (int t = 0; t < logits.size(); t++) {
      Examples examples = new Examples(logits.get(t), positive.get(t));
      if (examples.bothKinds()) {
        useful.add(examples);
      }
    }
    return useful.isEmpty() ? Optional.empty() : fit(useful, false);
  }

  static Optional<LogitScaling> fit(List<Examples> sets, boolean shifted) {
    // Where no logit has a say: saturated ones, which have no curvature, are far from here.
    double a = 0;
    double b = shifted ? baseRate(sets) : 0;
    double value = loss(sets, a, b);
    for (int i = 0; i < ITERATIONS; i++) {
      double[] s = sums(sets, a, b);
      double ga = s[0];
      double gb = shifted ? s[1] : 0;
      double haa = s[2] + RIDGE;
      double hab = shifted ? s[3] : 0;
      double hbb = shifted ? s[4] + RIDGE : 1;
      double det = haa * hbb - hab * hab;
      double da = -(hbb * ga - hab * gb) / det;
      double db = -(haa * gb - hab * ga) / det;
      double descent = ga * da + gb * db;
      if (!(descent < -ENOUGH * Math.max(1, Math.abs(value)) * 1e-3)) {
        break;
      }
      double step = 1;
      double next = loss(sets, a + da, b + db);
      while (!(next < value + 1e-4 * step * descent) && step > 1e-10) {
        step /= 2;
        next = loss(sets, a + step * da, b + step * db);
      }
      if (!(next < value)) {
        break;
      }
      a += step * da;
      b += step * db;
      value = next;
    }
    return a > 0 && Double.isFinite(a) && Double.isFinite(b)
        ? Optional.of(new LogitScaling(a, b))
        : Optional.empty();
  }

  private static double baseRate(List<Examples> sets) {
    long positives = 0;
    long n = 0;
    for (Examples set : sets) {
      positives += set.positive().stream().filter(p -> p).count();
      n += set.positive().size();
    }
    return Math.log((positives + 1.0) / (n - positives + 1.0));
  }

  private static double target(long positives, long n, boolean positive) {
    return positive ? (positives + 1.0) / (positives + 2.0) : 1.0 / (n - positives + 2.0);
  }

  /** Of the smoothed labels, summed over all examples. */
  static double loss(List<Examples> sets, double a, double b) {
    double sum = 0;
    for (Examples set : sets) {
      int n = set.logits().size();
      long positives = set.positive().stream().filter(p -> p).count();
      for (int i = 0; i < n; i++) {
        sum +=
            Logistic.loss(a * set.logits().get(i) + b, target(positives, n, set.positive().get(i)));
      }
    }
    return sum;
  }

  /** First derivatives by a and b, then second ones by aa, ab, bb. */
  private static double[] sums(List<Examples> sets, double a, double b) {
    double[] s = new double[5];
    for (Examples set : sets) {
      int n = set.logits().size();
      long positives = set.positive().stream().filter(p -> p).count();
      for (int i = 0; i < n; i++) {
        double x = set.logits().get(i);
        double p = Logistic.probability(a * x + b);
        double d = p - target(positives, n, set.positive().get(i));
        double w = p * (1 - p);
        s[0] += d * x;
        s[1] += d;
        s[2] += w * x * x;
        s[3] += w * x;
        s[4] += w;
      }
    }
    return s;
  }
}
