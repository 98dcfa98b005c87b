package org.xrv.explainer.search;

import java.util.ArrayList;
import java.util.List;

/**
 * A range of lambdas that the user gives instead of a search.
 *
 * @param left lowest lambda
 * @param right highest lambda
 */
public record LambdaRange(double left, double right) {
  /** Beyond this, floats of z would drown in the shift. */
  private static final double LIMIT = 1e9;

  public LambdaRange {
    if (!(left < right && Math.abs(left) <= LIMIT && Math.abs(right) <= LIMIT)) {
      throw new IllegalArgumentException("range from " + left + " to " + right);
    }
  }

  /**
   * Frames at equal distances, both ends included.
   *
   * @param count at least 1; 1 is the left end
   */
  public SearchResult frames(FrameSource source, int count) {
    if (count < 1) {
      throw new IllegalArgumentException(count + " frames");
    }
    List<Double> lambdas = new ArrayList<>(List.of(0.0));
    for (int i = 0; i < count; i++) {
      lambdas.add(
          count > 1 && i == count - 1 ? right : left + i * (right - left) / Math.max(1, count - 1));
    }
    List<Frame> made = source.at(lambdas);
    return new SearchResult(
        left, right, List.of(), StopReason.RANGE_GIVEN, made.get(0), made.subList(1, made.size()));
  }
}
