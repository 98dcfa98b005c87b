package org.xrv.core.dataset.table;

/**
 * A rectangle, in pixels of the original image from its top left; the right and bottom excluded.
 */
record Box(double left, double top, double right, double bottom) {
  Box {
    if (!(right > left && bottom > top)) {
      throw new IllegalArgumentException(
          "an empty box: " + left + ", " + top + " to " + right + ", " + bottom);
    }
  }

  /** Sets the pixels whose centres lie inside to 1; what lies outside the image is left out. */
  void drawOn(float[] pixels, int imageHeight, int imageWidth) {
    int firstRow = first(top);
    int endRow = end(bottom, imageHeight);
    int firstColumn = first(left);
    int endColumn = end(right, imageWidth);
    for (int row = firstRow; row < endRow; row++) {
      for (int column = firstColumn; column < endColumn; column++) {
        pixels[row * imageWidth + column] = 1;
      }
    }
  }

  private static int first(double from) {
    return (int) Math.max(0, Math.ceil(from - 0.5));
  }

  private static int end(double to, int side) {
    return (int) Math.min(side, Math.ceil(to - 0.5));
  }
}
