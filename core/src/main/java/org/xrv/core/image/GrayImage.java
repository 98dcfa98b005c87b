package org.xrv.core.image;

/**
 * One channel of float pixels, row by row from the top left; for X-rays in [-1024, 1024], for masks
 * in [0, 1]. The array is not copied.
 *
 * @param pixels height * width values
 */
@SuppressWarnings(
    "ArrayRecordComponent") // an image is its array; copying each would double the memory traffic
// of loading
public record GrayImage(int height, int width, float[] pixels) {
  public GrayImage {
    if (height < 1 || width < 1 || (long) height * width != pixels.length) {
      throw new IllegalArgumentException(pixels.length + " pixels for " + height + " x " + width);
    }
  }

  public float at(int row, int column) {
    return pixels[row * width + column];
  }
}
