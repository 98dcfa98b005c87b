package org.xrv.core.image;

/**
 * One channel of stored samples, row by row from the top left, before any normalization. The array
 * is not copied.
 *
 * @param samples height * width values in [0, maxValue]
 * @param maxValue the greatest value that the file's bit depth allows: 255, 65535, or 2^BitsStored
 *     - 1
 */
@SuppressWarnings(
    "ArrayRecordComponent") // an image is its array; copying each would double the memory traffic
// of loading
public record RawImage(int height, int width, int[] samples, int maxValue) {
  public RawImage {
    if (height < 1 || width < 1 || (long) height * width != samples.length || maxValue < 1) {
      throw new IllegalArgumentException(
          samples.length + " samples up to " + maxValue + " for " + height + " x " + width);
    }
  }
}
