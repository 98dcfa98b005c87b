package org.xrv.core.image;

/**
 * For each output position i in [0, size), the input positions from {@code first(i)} on and their
 * weights, {@code taps} each, 0 behind the last; what would fall outside the n inputs is left out,
 * being zero.
 *
 * <p>With factor f = n / size: Gaussian smoothing of sigma max(0, (f - 1) / 2), radius int(4 sigma
 * + 0.5), then linear interpolation at (i + 0.5) f - 0.5. Computed in float64, rounded once.
 */
@SuppressWarnings("ArrayRecordComponent") // within this package, filled once
record ResizeWeights(int n, int size, int taps, int[] firsts, float[] values) {
  int first(int i) {
    return firsts[i];
  }

  static ResizeWeights of(int n, int size) {
    double f = (double) n / size;
    double sigma = Math.max(0, (f - 1) / 2);
    int radius = (int) (4 * sigma + 0.5);
    double[] gauss = gauss(sigma, radius);
    int taps = (2 * radius + 2 + SmoothResize.GROUP - 1) / SmoothResize.GROUP * SmoothResize.GROUP;
    int[] firsts = new int[size];
    float[] values = new float[size * taps];
    double[] sums = new double[taps];
    for (int i = 0; i < size; i++) {
      double c = (i + 0.5) * f - 0.5;
      int left = (int) Math.floor(c);
      firsts[i] = Math.max(0, left - radius);
      java.util.Arrays.fill(sums, 0);
      for (int side = 0; side < 2; side++) {
        int at = left + side;
        double share = side == 0 ? 1 - (c - left) : c - left;
        if (at < 0 || at >= n) {
          continue; // the smoothed image is 0 outside too
        }
        for (int k = Math.max(-radius, -at); k <= Math.min(radius, n - 1 - at); k++) {
          sums[at + k - firsts[i]] += share * gauss[k + radius];
        }
      }
      for (int k = 0; k < taps; k++) {
        values[i * taps + k] = (float) sums[k];
      }
    }
    return new ResizeWeights(n, size, taps, firsts, values);
  }

  /** Weights of distances -radius ... radius, whose sum is 1. */
  private static double[] gauss(double sigma, int radius) {
    double[] gauss = new double[2 * radius + 1];
    double total = 0;
    for (int k = -radius; k <= radius; k++) {
      gauss[k + radius] = radius == 0 ? 1 : Math.exp(-0.5 * k * k / (sigma * sigma));
      total += gauss[k + radius];
    }
    for (int k = 0; k < gauss.length; k++) {
      gauss[k] /= total;
    }
    return gauss;
  }
}
