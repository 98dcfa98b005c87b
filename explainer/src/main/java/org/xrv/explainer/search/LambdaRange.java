package org.xrv.explainer.search;

import java.util.ArrayList;
import java.util.List;

/**
 * A range of lambdas that the user gives instead of a search.
 *
 * @param left lowest lambda
 * @param right highest lambda
 */
public record LambdaRange(double left, double right) implements LambdaSearch {
  /** Beyond this, floats of z would drown in the shift. */
  private static final double LIMIT = 1e9;

  public LambdaRange {
    if (!(left < right && Math.abs(left) <= LIMIT && Math.abs(right) <= LIMIT)) {
      throw new IllegalArgumentException("range from " + left + " to " + right);
    }
  }

  @Override
  public String title() {
    return "given";
  }

  /** Frames at equal distances, both ends included. */
  @Override
  public SearchResult search(FrameSource source, Tangent tangent, int count) {
    LambdaSearch.requireFrames(count);
    List<Double> lambdas = new ArrayList<>(List.of(0.0));
    lambdas.addAll(LambdaSearch.evenly(left, right, count));
    List<Frame> made = source.at(lambdas);
    return new SearchResult(
        new Bound(left, StopReason.RANGE_GIVEN),
        new Bound(right, StopReason.RANGE_GIVEN),
        List.of(),
        made.get(0),
        made.subList(1, made.size()));
  }
}
