package org.xrv.core.image;

/**
 * What one training image undergoes, and its masks with it: an affine change, then flips.
 *
 * @param affine rotation, shift and magnification
 * @param mirrored whether left and right are exchanged
 * @param upsideDown whether top and bottom are
 * @param interpolation of image and masks
 * @param fill what comes from outside an image, in its own units; from outside a mask comes 0
 */
public record Change(
    Affine affine, boolean mirrored, boolean upsideDown, Interpolation interpolation, float fill) {
  /** A changed image of the same size; the same object when there is nothing to do. */
  public GrayImage image(GrayImage image) {
    return flipped(affine.apply(image, interpolation, fill));
  }

  /** A mask changed as its image is. */
  public GrayImage mask(GrayImage mask) {
    return flipped(affine.apply(mask, interpolation, 0));
  }

  private GrayImage flipped(GrayImage image) {
    if (!mirrored && !upsideDown) {
      return image;
    }
    int height = image.height();
    int width = image.width();
    float[] in = image.pixels();
    float[] out = new float[in.length];
    for (int row = 0; row < height; row++) {
      int from = (upsideDown ? height - 1 - row : row) * width;
      for (int column = 0; column < width; column++) {
        out[row * width + column] = in[from + (mirrored ? width - 1 - column : column)];
      }
    }
    return new GrayImage(height, width, out);
  }
}
