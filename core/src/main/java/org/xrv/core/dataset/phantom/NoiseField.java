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
    return to < from
        ? across(down(points, from, first, weights, to), from, first, weights, to)
        : down(across(points, from, first, weights, to), to, first, weights, to);
  }

  /** Resizes the columns of a picture of some width; row by row, which is quick. */
  private static float[] down(float[] in, int width, int[] first, float[] weights, int to) {
    int taps = weights.length / to;
    int from = in.length / width;
    float[] out = new float[to * width];
    for (int y = 0; y < to; y++) {
      for (int j = 0; j < taps; j++) {
        float weight = weights[y * taps + j];
        if (weight != 0) {
          int at = Math.max(0, Math.min(from - 1, first[y] + j)) * width;
          for (int x = 0; x < width; x++) {
            out[y * width + x] += weight * in[at + x];
          }
        }
      }
    }
    return out;
  }

  /** Resizes the rows of a picture of some width. */
  private static float[] across(float[] in, int from, int[] first, float[] weights, int to) {
    int taps = weights.length / to;
    int height = in.length / from;
    float[] out = new float[height * to];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < to; x++) {
        float sum = 0;
        if (first[x] >= 0 && first[x] + taps <= from) {
          int at = y * from + first[x];
          for (int j = 0; j < taps; j++) {
            sum += weights[x * taps + j] * in[at + j];
          }
        } else {
          for (int j = 0; j < taps; j++) {
            int at = Math.max(0, Math.min(from - 1, first[x] + j));
            sum += weights[x * taps + j] * in[y * from + at];
          }
        }
        out[y * to + x] = sum;
      }
    }
    return out;
  }
}
