package org.xrv.core.image.dicom;

import java.util.Objects;

/**
 * The first frame of a file, of colours the first channel.
 *
 * @param stored rows * columns samples as the file holds them, from the top left, signed ones
 *     negative; no rescale, window or inversion applied. The array is not copied
 */
@SuppressWarnings(
    "ArrayRecordComponent") // an image is its array; copying each would double the memory traffic
// of loading
public record DicomImage(DicomHeader header, int[] stored) {
  public DicomImage {
    Objects.requireNonNull(header);
    if (stored.length != header.format().pixels()) {
      throw new IllegalArgumentException(
          stored.length + " samples for " + header.format().pixels() + " pixels");
    }
  }

  /**
   * Samples in [0, maxValue], 0 being black: stored - least storable, and maxValue - that where the
   * image is inverted.
   *
   * <p>Rescale slope and intercept map the stored range linearly to units; scaling the whole range
   * to [-1024, 1024] afterwards undoes that exactly, so only the slope's sign matters.
   */
  public int[] samples() {
    PixelFormat format = header.format();
    if (format.minStored() == 0 && !format.inverted()) {
      return stored;
    }
    int sign = format.inverted() ? -1 : 1;
    int offset = format.inverted() ? format.maxValue() + format.minStored() : -format.minStored();
    int[] out = new int[stored.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = sign * stored[i] + offset;
    }
    return out;
  }

  /** 2^BitsStored - 1. */
  public int maxValue() {
    return header.format().maxValue();
  }
}
