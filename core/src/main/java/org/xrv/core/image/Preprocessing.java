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
    if (resize == Resize.ANTIALIAS && side(raw) != resolution) {
      // The same as below with less memory to run through.
      return SmoothResize.ofCentre(raw, resolution);
    }
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
      pixels[i] = normalize(sample, raw.maxValue());
    }
    return new GrayImage(raw.height(), raw.width(), pixels);
  }

  static float normalize(int sample, int maxValue) {
    return (2 * (sample / (float) maxValue) - 1) * RANGE;
  }

  /** Of the largest square. */
  static int side(RawImage raw) {
    return Math.min(raw.height(), raw.width());
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
    if (square.height() != n || size < 1) {
      throw new IllegalArgumentException(square.height() + " x " + n + " pixels to " + size);
    }
    return n == size ? square : SmoothResize.of(square, size);
  }
}
