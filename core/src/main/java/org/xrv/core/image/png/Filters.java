package org.xrv.core.image.png;

/**
 * Undoes the filters of rows (PNG specification, 9.2). A byte depends on bytes of the same place in
 * other pixels only, so that of colours the first channel alone can be had.
 */
final class Filters {
  private Filters() {}

  /**
   * Writes the first channel's samples.
   *
   * @param filtered height rows of 1 + width * pixelBytes bytes
   */
  static void firstChannel(byte[] filtered, PngHeader header, int[] samples) throws PngException {
    undo(filtered, 0, header, samples);
    if (header.depth() == 16) {
      int[] low = new int[samples.length];
      undo(filtered, 1, header, low);
      for (int i = 0; i < samples.length; i++) {
        samples[i] = (samples[i] << 8) | low[i];
      }
    }
  }

  /** Takes one byte of each pixel. */
  private static void undo(byte[] filtered, int place, PngHeader header, int[] out)
      throws PngException {
    int width = header.width();
    int step = header.pixelBytes();
    int[] zeros = new int[width]; // above the first row
    for (int row = 0; row < header.height(); row++) {
      int filter = row * (1 + width * step);
      int in = filter + 1 + place;
      int at = row * width;
      int[] above = row == 0 ? zeros : out;
      int up = row == 0 ? 0 : at - width;
      switch (filtered[filter]) {
        case 0 -> none(filtered, in, step, out, at, width);
        case 1 -> sub(filtered, in, step, out, at, width);
        case 2 -> up(filtered, in, step, out, at, width, above, up);
        case 3 -> average(filtered, in, step, out, at, width, above, up);
        case 4 -> {
          int next = in + 1 + width * step;
          if (row + 1 < header.height() && filtered[next - 1 - place] == 4) {
            paethTwo(filtered, in, next, step, out, at, width, above, up);
            row++;
          } else {
            paeth(filtered, in, step, out, at, width, above, up);
          }
        }
        default ->
            throw new PngException(
                "row " + row + " has the unknown filter " + filtered[filter] + "; it is damaged");
      }
    }
  }

  private static void none(byte[] in, int from, int step, int[] out, int at, int width) {
    for (int i = 0; i < width; i++) {
      out[at + i] = in[from + i * step] & 0xff;
    }
  }

  private static void sub(byte[] in, int from, int step, int[] out, int at, int width) {
    int left = 0;
    for (int i = 0; i < width; i++) {
      left = (left + in[from + i * step]) & 0xff;
      out[at + i] = left;
    }
  }

  private static void up(
      byte[] in, int from, int step, int[] out, int at, int width, int[] above, int up) {
    for (int i = 0; i < width; i++) {
      out[at + i] = (above[up + i] + in[from + i * step]) & 0xff;
    }
  }

  private static void average(
      byte[] in, int from, int step, int[] out, int at, int width, int[] above, int up) {
    int left = 0;
    for (int i = 0; i < width; i++) {
      left = ((left + (above[up + i] + 2 * in[from + i * step])) >> 1) & 0xff;
      out[at + i] = left;
    }
  }

  private static void paeth(
      byte[] in, int from, int step, int[] out, int at, int width, int[] above, int up) {
    int left = 0;
    int corner = 0;
    for (int i = 0; i < width; i++) {
      int top = above[up + i];
      left = (nearest(left, top, corner) + in[from + i * step]) & 0xff;
      out[at + i] = left;
      corner = top;
    }
  }

  /**
   * Two rows at once, the lower one a pixel behind: each row is a chain of which a processor can do
   * one link at a time, but two chains beside each other take little longer than one.
   */
  private static void paethTwo(
      byte[] in, int from, int next, int step, int[] out, int at, int width, int[] above, int up) {
    int top = above[up];
    int left = (nearest(0, top, 0) + in[from]) & 0xff;
    out[at] = left;
    int corner = top;
    int lowerLeft = 0;
    int lowerCorner = 0;
    int below = at + width - 1;
    for (int i = 1; i < width; i++) {
      top = above[up + i];
      int upper = (nearest(left, top, corner) + in[from + i * step]) & 0xff;
      int lower = (nearest(lowerLeft, left, lowerCorner) + in[next + (i - 1) * step]) & 0xff;
      out[at + i] = upper;
      out[below + i] = lower;
      corner = top;
      lowerCorner = left;
      left = upper;
      lowerLeft = lower;
    }
    out[below + width] =
        (nearest(lowerLeft, left, lowerCorner) + in[next + (width - 1) * step]) & 0xff;
  }

  /**
   * That of left, above and corner (above left) which is nearest to left + above - corner: the
   * smaller of left and above when the corner is not below the middle of it all, that is, both are
   * at most 3 corner - left - above; the greater one when both are at least that; else the corner.
   * Written as limits for left, which do not need left itself, because what follows on left is a
   * chain that no processor can shorten.
   */
  private static int nearest(int left, int top, int corner) {
    int sum = 3 * corner - top;
    int most = Math.min(sum >> 1, sum - top);
    int least = Math.max((sum + 1) >> 1, sum - top);
    int low = Math.min(left, top);
    int high = Math.max(left, top);
    int nearest = left <= most ? low : corner;
    return left >= least ? high : nearest;
  }
}
