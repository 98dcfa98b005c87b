package org.xrv.core.image;

/**
 * Rotation and magnification about the image's centre, then a shift; nearest neighbour, zeros from
 * outside. The same as torchvision's {@code functional.affine} of a tensor without shear ({@code
 * _get_inverse_affine_matrix}, then {@code grid_sample} with {@code align_corners=False}), computed
 * in float64: where that lands within a rounding error of the middle between two pixels, the two
 * may choose differently.
 *
 * @param angle degrees, clockwise as one looks at the image
 * @param right shift in pixels
 * @param down shift in pixels
 * @param scale magnification, above 0
 */
public record Affine(double angle, double right, double down, double scale) {
  public Affine {
    if (!(Math.abs(angle) < 1e6)
        || !(Math.abs(right) < 1e6)
        || !(Math.abs(down) < 1e6)
        || !(scale > 0 && scale < 1e6)) {
      throw new IllegalArgumentException(
          "angle " + angle + ", shift " + right + ", " + down + ", scale " + scale);
    }
  }

  public boolean identity() {
    return angle == 0 && right == 0 && down == 0 && scale == 1;
  }

  /**
   * The transformed image, of the same size; the same object when nothing is to be done.
   *
   * @param image [H, W]; X-rays in [-1024, 1024], where the 0 that comes from outside is mid-grey,
   *     or masks in [0, 1]
   */
  public GrayImage apply(GrayImage image) {
    if (identity()) {
      return image;
    }
    int height = image.height();
    int width = image.width();
    float[] in = image.pixels();
    float[] out = new float[in.length];
    // From an output pixel back to the input; both measured between pixel centres and the middle.
    double cos = Math.cos(Math.toRadians(angle)) / scale;
    double sin = Math.sin(Math.toRadians(angle)) / scale;
    double middleX = (width - 1) / 2.0;
    double middleY = (height - 1) / 2.0;
    double[] cosX = new double[width];
    double[] sinX = new double[width];
    for (int column = 0; column < width; column++) {
      double x = column - middleX - right;
      cosX[column] = cos * x;
      sinX[column] = sin * x;
    }
    for (int row = 0; row < height; row++) {
      double y = row - middleY - down;
      double sinY = sin * y;
      double cosY = cos * y;
      for (int column = 0; column < width; column++) {
        // rint: a half goes to the even neighbour, as nearbyint does in grid_sample.
        double rintX = Math.rint(cosX[column] + sinY + middleX);
        double rintY = Math.rint(cosY - sinX[column] + middleY);
        if (rintX >= 0 && rintX < width && rintY >= 0 && rintY < height) {
          int fromX = (int) rintX;
          int fromY = (int) rintY;
          out[row * width + column] = in[fromY * width + fromX];
        }
      }
    }
    return new GrayImage(height, width, out);
  }
}
