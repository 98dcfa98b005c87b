package org.xrv.explainer.search;

import java.util.Objects;
import org.xrv.core.image.GrayImage;

/**
 * One picture on the way: x = D(z + lambda g), and what the classifier says about it.
 *
 * @param image pixels in [-1024, 1024] (an autoencoder may overshoot)
 * @param prediction the target's probability in [0, 1]
 */
public record Frame(double lambda, GrayImage image, double prediction) {
  public Frame {
    Objects.requireNonNull(image);
    if (!Double.isFinite(lambda) || !Double.isFinite(prediction)) {
      throw new IllegalArgumentException("prediction " + prediction + " at lambda " + lambda);
    }
  }

  /** The sum over pixels of the absolute difference from another frame. */
  public double distance(Frame other) {
    float[] a = image.pixels();
    float[] b = other.image.pixels();
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += Math.abs(a[i] - b[i]);
    }
    return sum;
  }

  /**
   * How much the picture differs from the reconstruction: the sum of the absolute differences as a
   * share of the sum of the reconstruction's absolute pixels; 0 where that is 0.
   */
  public double change(Frame origin) {
    double sum = 0;
    for (float p : origin.image.pixels()) {
      sum += Math.abs(p);
    }
    return sum == 0 ? 0 : distance(origin) / sum;
  }
}
