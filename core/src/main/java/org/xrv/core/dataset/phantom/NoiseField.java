package org.xrv.core.dataset.phantom;

import org.xrv.core.random.KeyedRandom;

/**
 * Smooth noise of mean 0 on the unit square, the same for every resolution: normal numbers on a
 * square lattice, averaged (or interpolated) to the pixels asked for by a triangle filter.
 */
final class NoiseField {
  private NoiseField() {}

  /**
   * A picture of noise.
   *
   * @param random the source; lattice * lattice numbers are drawn
   * @param lattice points on a side; the noise has unit variance at this resolution
   * @return resolution * resolution values, row by row
   */
  static float[] of(KeyedRandom random, int lattice, int resolution) {
    float[] points = new float[lattice * lattice];
    for (int i = 0; i < points.length; i++) {
      // Four 16-bit uniform numbers add up to a bell curve, enough for grain and much faster.
      long bits = random.nextLong();
      long sum = (bits & 0xffff) + (bits >>> 16 & 0xffff) + (bits >>> 32 & 0xffff) + (bits >>> 48);
      points[i] = (sum - 131070) * (float) (1 / (65536 * Math.sqrt(4.0 / 12)));
    }
    return resample(points, lattice, resolution);
  }

  /** Resizes a square picture by a triangle filter as wide as the coarser of the two grids. */
  static float[] resample(float[] points, int from, int to) {
    double ratio = (double) from / to;
    double reach = Math.max(1, ratio);
    int taps = (int) Math.ceil(2 * reach) + 1;
    int[] first = new int[to];
    float[] weights = new float[to * taps];
    for (int i = 0; i < to; i++) {
      double centre = (i + 0.5) * ratio - 0.5;
      first[i] = (int) Math.ceil(centre - reach);
      double sum = 0;
      for (int j = 0; j < taps; j++) {
        double weight = Math.max(0, 1 - Math.abs(first[i] + j - centre) / reach);
        weights[i * taps + j] = (float) weight;
        sum += weight;
      }
      for (int j = 0; j < taps; j++) {
        weights[i * taps + j] /= (float) sum;
      }
    }
    float[] wide = new float[from * to];
    for (int y = 0; y < from; y++) {
      for (int x = 0; x < to; x++) {
        float sum = 0;
        for (int j = 0; j < taps; j++) {
          int at = Math.max(0, Math.min(from - 1, first[x] + j));
          sum += weights[x * taps + j] * points[y * from + at];
        }
        wide[y * to + x] = sum;
      }
    }
    float[] out = new float[to * to];
    for (int y = 0; y < to; y++) {
      for (int j = 0; j < taps; j++) {
        float weight = weights[y * taps + j];
        if (weight != 0) {
          int at = Math.max(0, Math.min(from - 1, first[y] + j)) * to;
          for (int x = 0; x < to; x++) {
            out[y * to + x] += weight * wide[at + x];
          }
        }
      }
    }
    return out;
  }
}
