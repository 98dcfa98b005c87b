package org.xrv.converter.torchscript;

import java.util.List;

/** Losses, each a sum over all elements of the batch, as the published training scripts have it. */
public sealed interface Loss {
  /** Squared error plus absolute error, in pixel units ("elastic", paper: training recipe). */
  Pixels ELASTIC = elastic(1, 1);

  /** Squared error. */
  Pixels MSE = elastic(1, 0);

  /** Absolute error. */
  Pixels MAE = elastic(0, 1);

  /** Binary cross-entropy in which all targets count alike. */
  BinaryCrossEntropy BINARY_CROSS_ENTROPY = new BinaryCrossEntropy(List.of());

  /** A weighted sum of squared and absolute error. */
  static Pixels elastic(double squared, double absolute) {
    return new Pixels(squared, absolute, 0, 1, 0);
  }

  /** Huber's loss (1964): half the squared error up to delta, growing linearly beyond. */
  static Pixels huber(double delta) {
    return new Pixels(0, 0, 1, delta, 0);
  }

  /**
   * Errors of pixels in [-1024, 1024]: a weighted sum, over all pixels d of the difference, of d^2,
   * |d| and Huber's function, and over all images of H W (1 - MS-SSIM).
   *
   * @param squared weight of d^2
   * @param absolute weight of |d|
   * @param huber weight of d^2 / 2 where |d| is at most delta, delta (|d| - delta / 2) elsewhere
   * @param delta in pixel units, above 0
   * @param structural weight of 1 - MS-SSIM (see {@link StructuralSimilarity}), which counts for
   *     each pixel, so that it is in the units of the other terms; needs images [N, 1, H, W]
   */
  record Pixels(double squared, double absolute, double huber, double delta, double structural)
      implements Loss {
    public Pixels {
      for (double weight : new double[] {squared, absolute, huber, structural}) {
        if (!(weight >= 0) || Double.isInfinite(weight)) {
          throw new IllegalArgumentException("a loss's weight of " + weight);
        }
      }
      if (squared + absolute + huber + structural == 0 || !(delta > 0)) {
        throw new IllegalArgumentException("a loss that is 0, or a delta of " + delta);
      }
    }

    public Pixels withStructural(double weight) {
      return new Pixels(squared, absolute, huber, delta, weight);
    }
  }

  /**
   * Binary cross-entropy of logits; targets 0 or 1, NaN where the label is unknown, which counts
   * nothing.
   *
   * @param taskWeights by which the cross-entropy of each target is multiplied, in the order of the
   *     outputs; empty for 1 throughout
   */
  record BinaryCrossEntropy(List<Double> taskWeights) implements Loss {
    public BinaryCrossEntropy {
      taskWeights = List.copyOf(taskWeights);
      for (double weight : taskWeights) {
        if (!(weight >= 0) || Double.isInfinite(weight)) {
          throw new IllegalArgumentException("a task's weight of " + weight);
        }
      }
    }
  }
}
