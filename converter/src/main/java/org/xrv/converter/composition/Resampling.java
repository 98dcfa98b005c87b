package org.xrv.converter.composition;

import org.xrv.core.graph.Shape;
import org.xrv.core.tensor.FloatTensor;

/**
 * Bilinear resizing along one axis as a matrix. Pixels are squares, coordinates are those of their
 * centres (PyTorch's {@code interpolate(mode="bilinear", align_corners=False, antialias=True)}): a
 * triangle of one pixel's reach, of the old grid when it grows and of the new one when it shrinks.
 */
final class Resampling {
  private Resampling() {}

  /** [to, from]; each row sums to 1. */
  static FloatTensor matrix(int from, int to) {
    double scale = (double) from / to;
    double reach = Math.max(1, scale);
    float[] weights = new float[to * from];
    for (int row = 0; row < to; row++) {
      double centre = (row + 0.5) * scale;
      int first = Math.max(0, (int) (centre - reach + 0.5));
      int last = Math.min(from, (int) (centre + reach + 0.5));
      double[] seen = new double[last - first];
      double total = 0;
      for (int i = first; i < last; i++) {
        seen[i - first] = Math.max(0, 1 - Math.abs(i + 0.5 - centre) / reach);
        total += seen[i - first];
      }
      for (int i = first; i < last; i++) {
        weights[row * from + i] = (float) (seen[i - first] / total);
      }
    }
    return new FloatTensor(Shape.of(to, from), weights);
  }
}
