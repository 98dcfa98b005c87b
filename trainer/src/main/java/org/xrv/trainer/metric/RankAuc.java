package org.xrv.trainer.metric;

import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * The area under the ROC curve as the Mann-Whitney statistic: the share of pairs (positive,
 * negative) that the scores order rightly, ties counting one half.
 */
public final class RankAuc {
  private RankAuc() {}

  /**
   * The area.
   *
   * @param scores higher means more likely positive
   * @param positive the truth, as many as scores
   * @return in [0, 1]; empty when there are no positives or no negatives
   */
  public static OptionalDouble of(List<Double> scores, List<Boolean> positive) {
    int n = scores.size();
    long positives = positive.stream().filter(p -> p).count();
    if (positives == 0 || positives == n) {
      return OptionalDouble.empty();
    }
    List<Integer> order =
        IntStream.range(0, n).boxed().sorted(Comparator.comparing(scores::get)).toList();
    double rankSum = 0;
    for (int i = 0; i < n; ) {
      int end = i;
      int tiedPositives = 0;
      while (end < n && scores.get(order.get(end)).equals(scores.get(order.get(i)))) {
        tiedPositives += positive.get(order.get(end)) ? 1 : 0;
        end++;
      }
      rankSum += tiedPositives * (i + 1 + end) / 2.0; // the mean of ranks i + 1 to end
      i = end;
    }
    return OptionalDouble.of(
        (rankSum - positives * (positives + 1) / 2.0) / ((double) positives * (n - positives)));
  }
}
