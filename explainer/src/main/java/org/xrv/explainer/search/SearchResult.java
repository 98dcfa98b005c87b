package org.xrv.explainer.search;

import java.util.List;
import java.util.Objects;

/**
 * Where a search ended.
 *
 * @param left the lowest lambda, and why it is no lower
 * @param right the highest lambda, and why it is no higher
 * @param steps what it looked at, in order, up to the one that stopped it
 * @param origin the frame at lambda 0
 * @param frames in rising order of lambda, at least one
 */
public record SearchResult(
    Bound left, Bound right, List<Step> steps, Frame origin, List<Frame> frames) {
  /** A smaller movement of the prediction than this is called flat. */
  public static final double FLAT = 0.005;

  public SearchResult {
    steps = List.copyOf(steps);
    frames = List.copyOf(frames);
    Objects.requireNonNull(left);
    Objects.requireNonNull(right);
    Objects.requireNonNull(origin);
    if (frames.isEmpty()) {
      throw new IllegalArgumentException("a search without frames");
    }
  }

  /** The largest difference of a frame's prediction from that of the reconstruction. */
  public double predictionRange() {
    return frames.stream()
        .mapToDouble(f -> Math.abs(f.prediction() - origin.prediction()))
        .max()
        .orElse(0);
  }

  /** Whether the prediction hardly moved, so that the frames explain next to nothing. */
  public boolean isFlat() {
    return predictionRange() < FLAT;
  }

  /** Why the range ends where it does, as a half sentence for people. */
  public String stopped() {
    String lower = left.reason().text();
    return right.reason() == left.reason() || right.reason() == StopReason.RECONSTRUCTION
        ? lower
        : "down: " + lower + "; up: " + right.reason().text();
  }
}
