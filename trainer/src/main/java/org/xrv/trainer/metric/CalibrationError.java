package org.xrv.trainer.metric;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import org.xrv.trainer.metric.LogitFit.Examples;

/**
 * The expected calibration error of one target (Naeini et al. 2015, of the positive kind): over 15
 * bins of equal width in probability, the mean of |mean probability - share of positives|, bins
 * weighing as many examples as they hold. In [0, 1]; 0 where probabilities hold.
 */
public final class CalibrationError {
  private static final int BINS = 15;

  private CalibrationError() {}

  /**
   * The error of scaled logits.
   *
   * @return empty when there are no examples
   */
  public static OptionalDouble of(
      List<Double> logits, List<Boolean> positive, LogitScaling scaling) {
    if (logits.isEmpty()) {
      return OptionalDouble.empty();
    }
    double[] surplus = surplus(new Examples(logits, positive), scaling);
    return OptionalDouble.of(mean(surplus, logits.size()));
  }

  /**
   * The error that a kind of fit leaves on examples that it has not seen: each half of the examples
   * (every second one) is scaled by the fit of the other half.
   *
   * @param fitOfHalf the fit of half 0 or 1
   * @return empty when a half has no fit
   */
  public static OptionalDouble crossFitted(
      List<Double> logits,
      List<Boolean> positive,
      Function<Integer, Optional<LogitScaling>> fitOfHalf) {
    Examples all = new Examples(logits, positive);
    double[] surplus = new double[BINS];
    for (int half = 0; half < 2; half++) {
      Optional<LogitScaling> other = fitOfHalf.apply(1 - half);
      if (other.isEmpty()) {
        return OptionalDouble.empty();
      }
      double[] own = surplus(all.half(half), other.get());
      for (int bin = 0; bin < BINS; bin++) {
        surplus[bin] += own[bin];
      }
    }
    return logits.isEmpty()
        ? OptionalDouble.empty()
        : OptionalDouble.of(mean(surplus, logits.size()));
  }

  /** Per bin the sum of (probability - truth). */
  private static double[] surplus(Examples examples, LogitScaling scaling) {
    double[] sums = new double[BINS];
    for (int i = 0; i < examples.logits().size(); i++) {
      double p = Logistic.probability(scaling.of(examples.logits().get(i)));
      int bin = Math.min(BINS - 1, (int) (p * BINS));
      sums[bin] += p - (examples.positive().get(i) ? 1 : 0);
    }
    return sums;
  }

  private static double mean(double[] surplus, int n) {
    double sum = 0;
    for (double s : surplus) {
      sum += Math.abs(s);
    }
    return sum / n;
  }
}
