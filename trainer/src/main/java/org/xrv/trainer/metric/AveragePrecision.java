package org.xrv.trainer.metric;

import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * The area under the precision-recall curve as average precision: the sum over distinct scores,
 * from the highest down, of (rise of recall) x (precision there), without interpolation. Chance
 * gives the share of positives.
 */
public final class AveragePrecision {
  private AveragePrecision() {}

  /**
   * The area.
   *
   * @param scores higher means more likely positive
   * @param positive the truth, as many as scores
   * @return in (0, 1]; empty when there are no positives or no negatives
   */
  public static OptionalDouble of(List<Double> scores, List<Boolean> positive) {
    int n = scores.size();
    long positives = positive.stream().filter(p -> p).count();
    if (positives == 0 || positives == n) {
      return OptionalDouble.empty();
    }
    List<Integer> order =
        IntStream.range(0, n)
            .boxed()
            .sorted(Comparator.comparing((Integer i) -> scores.get(i)).reversed())
            .toList();
    double sum = 0;
    int found = 0;
    for (int i = 0; i < n; ) {
      int end = i;
      int before = found;
      while (end < n && scores.get(order.get(end)).equals(scores.get(order.get(i)))) {
        found += positive.get(order.get(end)) ? 1 : 0;
        end++;
      }
      sum += (found - before) * ((double) found / end);
      i = end;
    }
    return OptionalDouble.of(sum / positives);
  }
}
