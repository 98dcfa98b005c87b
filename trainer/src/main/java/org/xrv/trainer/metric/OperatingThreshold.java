package org.xrv.trainer.metric;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The probability from which on a finding is called present, and what that gives.
 *
 * <p>Chosen by Youden's index (Youden 1950): the threshold with the greatest J = sensitivity +
 * specificity - 1 = true positive rate - false positive rate. It lies in the middle, in logits,
 * between the two scores that it divides. Of equal ones the highest is taken.
 *
 * @param probability t in (0, 1): present where p &gt;= t
 * @param sensitivity share of the positives with p &gt;= t
 * @param specificity share of the negatives with p &lt; t
 */
public record OperatingThreshold(double probability, double sensitivity, double specificity) {
  /**
   * Probabilities nearer to 0 or 1 cannot be scaled to 0.5 in float32 without losing all digits.
   */
  private static final double MARGIN = 1e-4;

  public OperatingThreshold {
    if (!(probability > 0 && probability < 1)) {
      throw new IllegalArgumentException("threshold " + probability);
    }
  }

  /**
   * The threshold with the greatest J. Its rates are counted at the stored probability.
   *
   * @param logits one for each truth
   * @return empty when there are no positives, no negatives, or all logits are equal
   */
  public static Optional<OperatingThreshold> youden(List<Double> logits, List<Boolean> positive) {
    int n = logits.size();
    long positives = positive.stream().filter(p -> p).count();
    if (positives == 0 || positives == n) {
      return Optional.empty();
    }
    List<Integer> order =
        IntStream.range(0, n)
            .boxed()
            .sorted(Comparator.comparing((Integer i) -> logits.get(i)).reversed())
            .toList();
    long best = Long.MIN_VALUE;
    double cut = Double.NaN;
    long above = 0;
    for (int i = 0; i + 1 < n; i++) {
      above += positive.get(order.get(i)) ? 1 : 0;
      double here = logits.get(order.get(i));
      double next = logits.get(order.get(i + 1));
      // J times both totals, so that equal ones are equal.
      long j = above * (n - positives) - (i + 1 - above) * positives;
      if (here > next && j > best) {
        best = j;
        cut = next + (here - next) / 2;
      }
    }
    return Double.isNaN(cut) ? Optional.empty() : Optional.of(at(cut, logits, positive));
  }

  private static OperatingThreshold at(double cut, List<Double> logits, List<Boolean> positive) {
    double t = Math.min(1 - MARGIN, Math.max(MARGIN, Logistic.probability(cut)));
    double stored = Logistic.logit(t);
    int[] called = new int[2];
    int[] all = new int[2];
    for (int i = 0; i < logits.size(); i++) {
      int kind = positive.get(i) ? 1 : 0;
      all[kind]++;
      called[kind] += logits.get(i) >= stored ? 1 : 0;
    }
    return new OperatingThreshold(t, (double) called[1] / all[1], 1 - (double) called[0] / all[0]);
  }

  /**
   * A probability re-scaled so that t becomes 0.5, as the published classifiers do: p / (2 t) up to
   * t, 1 - (1 - p) / (2 (1 - t)) above.
   *
   * @param p in [0, 1]
   * @return in [0, 1]
   */
  public double rescaled(double p) {
    double t = probability;
    return p <= t ? p / (2 * t) : 1 - (1 - p) / (2 * (1 - t));
  }

  /** This threshold after logits were scaled and shifted; the rates stay, the order being kept. */
  public OperatingThreshold after(LogitScaling scaling) {
    double p = Logistic.probability(scaling.of(Logistic.logit(probability)));
    return new OperatingThreshold(Math.min(1 - 1e-9, Math.max(1e-9, p)), sensitivity, specificity);
  }
}
