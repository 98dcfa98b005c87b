package org.xrv.core.image;

/**
 * The one preprocessing of the toolkit: normalize to [-1024, 1024], crop the centre square, resize
 * with anti-aliasing. It equals what torchxrayvision does through scikit-image's resize (order 1,
 * anti_aliasing, mode constant), zeros outside the image included, so edges blend to mid-grey.
 */
public final class Preprocessing {
  /**
   * Names this procedure with {@link Resize#ANTIALIAS} in model packages; a reader refuses an id
   * that it does not know.
   */
  public static final String ID = Resize.ANTIALIAS.id();

  /** Pixels lie in [-RANGE, RANGE]. */
  public static final float RANGE = 1024;

  private Preprocessing() {}

  /** Stored samples to resolution x resolution pixels in [-1024, 1024]. */
  public static GrayImage apply(RawImage raw, int resolution) {
    return apply(raw, resolution, Resize.ANTIALIAS);
  }

  /** As the other method, resized another way. */
  public static GrayImage apply(RawImage raw, int resolution, Resize resize) {
    return resize.apply(centerCrop(normalize(raw)), resolution);
  }

  /** x = (2 (sample / max) - 1) 1024, in float32 step by step. */
  public static GrayImage normalize(RawImage raw) {
    float[] pixels = new float[raw.samples().length];
    for (int i = 0; i < pixels.length; i++) {
      int sample = raw.samples()[i];
      if (sample < 0 || sample > raw.maxValue()) {
        throw new IllegalArgumentException(
            "sample " + sample + " is outside [0, " + raw.maxValue() + "]");
      }
      pixels[i] = (2 * (sample / (float) raw.maxValue()) - 1) * RANGE;
    }
    return new GrayImage(raw.height(), raw.width(), pixels);
  }

  /** The largest square about the centre; each halving rounds down. */
  public static GrayImage centerCrop(GrayImage image) {
    int side = Math.min(image.height(), image.width());
    int top = image.height() / 2 - side / 2;
    int left = image.width() / 2 - side / 2;
    float[] square = new float[side * side];
    for (int row = 0; row < side; row++) {
      System.arraycopy(
          image.pixels(), (top + row) * image.width() + left, square, row * side, side);
    }
    return new GrayImage(side, side, square);
  }

  /**
   * Resizes a square. With factor f = n / size: Gaussian smoothing of sigma max(0, (f - 1) / 2),
   * radius int(4 sigma + 0.5), then linear interpolation at (i + 0.5) f - 0.5, everything outside
   * the image being 0; the result is clipped to the input's own range. Both are linear and
   * separable, so they are one weighted sum along rows and one along columns.
   */
  public static GrayImage resize(GrayImage square, int size) {
    int n = square.width();
    if (square.height() != n) {
      throw new IllegalArgumentException(square.height() + " x " + n + " is not square");
    }
    if (n == size) {
      return square;
    }
    Weights weights = Weights.of(n, size);
    float[] in = square.pixels();
    double[] narrow = new double[n * size];
    for (int row = 0; row < n; row++) {
      for (int i = 0; i < size; i++) {
        double[] w = weights.values[i];
        int from = row * n + weights.first[i];
        double sum = 0;
        for (int k = 0; k < w.length; k++) {
          sum += w[k] * in[from + k];
        }
        narrow[row * size + i] = sum;
      }
    }
    float low = Float.POSITIVE_INFINITY;
    float high = Float.NEGATIVE_INFINITY;
    for (float p : in) {
      low = Math.min(low, p);
      high = Math.max(high, p);
    }
    float[] out = new float[size * size];
    double[] line = new double[size];
    for (int i = 0; i < size; i++) {
      java.util.Arrays.fill(line, 0);
      double[] w = weights.values[i];
      for (int k = 0; k < w.length; k++) {
        int from = (weights.first[i] + k) * size;
        for (int column = 0; column < size; column++) {
          line[column] += w[k] * narrow[from + column];
        }
      }
      for (int column = 0; column < size; column++) {
        out[i * size + column] = Math.max(low, Math.min(high, (float) line[column]));
      }
    }
    return new GrayImage(size, size, out);
  }

  /**
   * For each output position, the input positions from {@code first} on and their weights; what
   * would fall outside is left out, being zero.
   */
  @SuppressWarnings("ArrayRecordComponent") // private, filled once
  private record Weights(int[] first, double[][] values) {
    static Weights of(int n, int size) {
      double f = (double) n / size;
      double sigma = Math.max(0, (f - 1) / 2);
      int radius = (int) (4 * sigma + 0.5);
      double[] gauss = new double[2 * radius + 1];
      double total = 0;
      for (int k = -radius; k <= radius; k++) {
        gauss[k + radius] = radius == 0 ? 1 : Math.exp(-0.5 * k * k / (sigma * sigma));
        total += gauss[k + radius];
      }
      int[] first = new int[size];
      double[][] values = new double[size][];
      for (int i = 0; i < size; i++) {
        double c = (i + 0.5) * f - 0.5;
        int left = (int) Math.floor(c);
        int from = Math.max(0, left - radius);
        int to = Math.min(n - 1, left + 1 + radius);
        first[i] = from;
        values[i] = new double[to - from + 1];
        for (int side = 0; side < 2; side++) {
          int at = left + side;
          double share = side == 0 ? 1 - (c - left) : c - left;
          if (at < 0 || at >= n) {
            continue; // the smoothed image is 0 outside too
          }
          for (int k = -radius; k <= radius; k++) {
            if (at + k >= 0 && at + k < n) {
              values[i][at + k - from] += share * gauss[k + radius] / total;
            }
          }
        }
      }
      return new Weights(first, values);
    }
  }
}
