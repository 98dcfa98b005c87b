package org.xrv.explainer.search;

import java.util.ArrayList;
import java.util.List;

/**
 * Reaches the range that the paper asks for: the prediction falls by a half, or as far as it goes,
 * and rises by a twentieth. Where the published searches walk step by step, this one starts from
 * the slope at lambda 0, looks at both sides at once in a few batches, and closes in on the two
 * ends by interpolation. It looks at {@value #TRIES} pictures in {@value #BATCHES} batches at most.
 *
 * @param fall how far the prediction shall fall, as a share of the reconstruction's prediction; in
 *     (0, 1)
 * @param rise how far it shall rise, as such a share, though no further than half the way to 1; at
 *     least 0, where 0 ends the range at the reconstruction
 * @param tolerance how near is near enough, as such a share; above 0
 * @param change the most that a picture may differ from the reconstruction, as {@link Step#change};
 *     above 0
 */
public record ReachSearch(double fall, double rise, double tolerance, double change)
    implements LambdaSearch {
  /** The paper's range (section 2), reached to one hundredth of the prediction. */
  public static final ReachSearch PAPER = new ReachSearch(0.5, 0.05, 0.01, 0.5);

  static final int TRIES = 16;
  static final int BATCHES = 4;

  /** Pictures of one batch: most of the range, and most of its bends, lie below. */
  private static final int BELOW = 4;

  private static final int ABOVE = 2;

  public ReachSearch {
    if (!(fall > 0 && fall < 1)) {
      throw new IllegalArgumentException("fall by " + fall + "; a share in (0, 1)");
    }
    if (!(rise >= 0 && rise <= 1)) {
      throw new IllegalArgumentException("rise by " + rise + "; a share in [0, 1]");
    }
    if (!(tolerance > 0 && tolerance < fall && (rise == 0 || tolerance < rise))) {
      throw new IllegalArgumentException(
          "tolerance " + tolerance + "; above 0 and below fall and rise");
    }
    if (!(change > 0)) {
      throw new IllegalArgumentException("change of " + change + "; above 0");
    }
  }

  @Override
  public String title() {
    return "reach";
  }

  @Override
  public SearchResult search(FrameSource source, Tangent tangent, int count) {
    LambdaSearch.requireFrames(count);
    double p = tangent.prediction();
    Side down = new Side(-1, tangent, fall * p, tolerance * p, change);
    Side up = new Side(1, tangent, Math.min(rise * p, (1 - p) / 2), tolerance * p, change);
    Frame origin = null;
    List<Step> steps = new ArrayList<>();
    for (int batch = 0; batch < BATCHES; batch++) {
      List<Double> lambdas = new ArrayList<>();
      if (origin == null) {
        lambdas.add(0.0);
      }
      int room = TRIES - steps.size() - lambdas.size();
      List<Double> above = up.wanted(Math.min(room, ABOVE));
      lambdas.addAll(down.wanted(Math.min(room - above.size(), BELOW)));
      lambdas.addAll(above);
      if (lambdas.isEmpty()) {
        break;
      }
      for (Frame now : source.at(lambdas)) {
        origin = origin == null ? now : origin;
        Step step = new Step(now.lambda(), now.prediction(), now.change(origin));
        steps.add(step);
        if (step.lambda() != 0) {
          (step.lambda() < 0 ? down : up).add(step);
        }
      }
    }
    Bound left = down.bound();
    Bound right = up.bound();
    List<Double> lambdas = LambdaSearch.evenly(left.lambda(), right.lambda(), count);
    return new SearchResult(left, right, steps, origin, source.at(lambdas));
  }
}
