package org.xrv.core.image;

/**
 * Resizes a square as OpenCV's {@code INTER_AREA} does. Shrinking, each output pixel is the average
 * of the input over its own area, pixels on the edge of the area counting by the part that is
 * inside. Enlarging, it is OpenCV's linear interpolation for this mode: output pixel i lies over
 * input pixel {@code s = floor(i n / size)} and takes the share {@code (i + 1) - (s + 1) size / n},
 * if that is positive, of its right neighbour. Sums are in float64 where OpenCV's are in float32.
 * (OpenCV 4, modules/imgproc/src/resize.cpp.)
 */
public final class AreaResize {
  private AreaResize() {}

  /**
   * The resized square; the same object when nothing is to be done.
   *
   * @param square [N, N] of any range
   * @param size height and width of the result in pixels, at least 1
   */
  public static GrayImage resize(GrayImage square, int size) {
    int n = square.width();
    if (square.height() != n || size < 1) {
      throw new IllegalArgumentException(square.height() + " x " + n + " pixels to " + size);
    }
    if (n == size) {
      return square;
    }
    Taps taps = n > size ? Taps.shrinking(n, size) : Taps.enlarging(n, size);
    float[] in = square.pixels();
    float[] out = new float[size * size];
    double[] line = new double[n];
    for (int i = 0; i < size; i++) {
      // Down the columns first: whole rows are added, which is the fast direction in memory.
      java.util.Arrays.fill(line, 0);
      double[] down = taps.weights[i];
      for (int k = 0; k < down.length; k++) {
        int from = (taps.first[i] + k) * n;
        double weight = down[k];
        for (int column = 0; column < n; column++) {
          line[column] += weight * in[from + column];
        }
      }
      for (int j = 0; j < size; j++) {
        double[] across = taps.weights[j];
        int from = taps.first[j];
        double sum = 0;
        for (int k = 0; k < across.length; k++) {
          sum += across[k] * line[from + k];
        }
        out[i * size + j] = (float) sum;
      }
    }
    return new GrayImage(size, size, out);
  }

  /** For each output position, the input positions from {@code first} on and their weights. */
  @SuppressWarnings("ArrayRecordComponent") // private, filled once
  private record Taps(int[] first, double[][] weights) {
    static Taps shrinking(int n, int size) {
      int[] first = new int[size];
      double[][] weights = new double[size][];
      for (int i = 0; i < size; i++) {
        // In units of 1 / size input pixels, so that edges are whole numbers.
        long from = (long) i * n;
        long to = from + n;
        first[i] = (int) (from / size);
        int end = (int) ((to + size - 1) / size);
        weights[i] = new double[end - first[i]];
        for (int k = 0; k < weights[i].length; k++) {
          long left = Math.max(from, (long) (first[i] + k) * size);
          long right = Math.min(to, (long) (first[i] + k + 1) * size);
          weights[i][k] = (double) (right - left) / n;
        }
      }
      return new Taps(first, weights);
    }

    static Taps enlarging(int n, int size) {
      int[] first = new int[size];
      double[][] weights = new double[size][];
      double inverse = (double) size / n;
      for (int i = 0; i < size; i++) {
        first[i] = (int) ((long) i * n / size);
        double share = (i + 1) - (first[i] + 1) * inverse;
        boolean alone = share <= 0 || first[i] == n - 1;
        double right = alone ? 0 : share - Math.floor(share);
        weights[i] = right == 0 ? new double[] {1} : new double[] {1 - right, right};
      }
      return new Taps(first, weights);
    }
  }
}
