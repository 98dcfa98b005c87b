package org.xrv.explainer.search;

import java.util.List;
import java.util.Objects;

/**
 * Where a search ended.
 *
 * @param left the lowest lambda, at most 0
 * @param right the highest lambda
 * @param steps what it looked at, in order, up to the one that stopped it
 * @param reason why it stopped
 * @param origin the frame at lambda 0
 * @param frames in rising order of lambda, at least one
 */
public record SearchResult(
    double left,
    double right,
    List<Step> steps,
    StopReason reason,
    Frame origin,
    List<Frame> frames) {
  /** A smaller movement of the prediction than this is called flat. */
  public static final double FLAT = 0.005;

  public SearchResult {
    steps = List.copyOf(steps);
    frames = List.copyOf(frames);
    Objects.requireNonNull(reason);
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
}
