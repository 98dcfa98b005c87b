package org.xrv.core.image;

/**
 * Rotation and magnification about the image's centre, then a shift; nearest neighbour and zeros
 * from outside unless something else is asked for. The same as torchvision's {@code
 * functional.affine} of a tensor without shear ({@code _get_inverse_affine_matrix}, then {@code
 * grid_sample} with {@code align_corners=False}), computed in float64: where that lands within a
 * rounding error of the middle between two pixels, the two may choose differently.
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
    return apply(image, Interpolation.NEAREST, 0);
  }

  /**
   * As the other method.
   *
   * @param fill what comes from outside. Where a bilinear mean reaches over the edge, torchvision's
   *     formula holds: with M the weight of the pixels inside and S their weighted sum, the result
   *     is S M + (1 - M) fill
   */
  public GrayImage apply(GrayImage image, Interpolation interpolation, float fill) {
    if (identity()) {
      return image;
    }
    boolean bilinear = interpolation == Interpolation.BILINEAR;
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
        if (bilinear) {
          out[row * width + column] =
              between(image, cosX[column] + sinY + middleX, cosY - sinX[column] + middleY, fill);
          continue;
        }
        // rint: a half goes to the even neighbour, as nearbyint does in grid_sample.
        double rintX = Math.rint(cosX[column] + sinY + middleX);
        double rintY = Math.rint(cosY - sinX[column] + middleY);
        if (rintX >= 0 && rintX < width && rintY >= 0 && rintY < height) {
          int fromX = (int) rintX;
          int fromY = (int) rintY;
          out[row * width + column] = in[fromY * width + fromX];
        } else {
          out[row * width + column] = fill;
        }
      }
    }
    return new GrayImage(height, width, out);
  }

  private static float between(GrayImage image, double x, double y, float fill) {
    int left = (int) Math.floor(x);
    int top = (int) Math.floor(y);
    double sum = 0;
    double inside = 0;
    for (int k = 0; k < 4; k++) {
      int column = left + (k & 1);
      int row = top + (k >> 1);
      if (column >= 0 && column < image.width() && row >= 0 && row < image.height()) {
        double weight =
            ((k & 1) == 0 ? left + 1 - x : x - left) * (k >> 1 == 0 ? top + 1 - y : y - top);
        sum += weight * image.at(row, column);
        inside += weight;
      }
    }
    return (float) (sum * inside + (1 - inside) * fill);
  }
}
