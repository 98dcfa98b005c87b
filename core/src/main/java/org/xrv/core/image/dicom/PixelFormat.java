package org.xrv.core.image.dicom;

/**
 * How the samples of an image are stored; part 3.3, section C.7.6.3.
 *
 * @param rows height in pixels
 * @param columns width in pixels
 * @param samplesPerPixel 1, or 3 for colours, of which the first is read
 * @param planar whether colours lie in planes, one after the other
 * @param photometric MONOCHROME1 (0 is white), MONOCHROME2 (0 is black), RGB or a YBR form
 * @param bitsAllocated 8 or 16, what a sample takes in the file
 * @param bitsStored what of it is used
 * @param highBit the number of the highest used bit, from 0
 * @param signed whether samples are in two's complement
 * @param frames how many images there are, of which the first is read
 * @param rescaleSlope of the linear map to units, not 0; 1 where none is given
 * @param rescaleIntercept of the same map; 0 where none is given
 */
public record PixelFormat(
    int rows,
    int columns,
    int samplesPerPixel,
    boolean planar,
    String photometric,
    int bitsAllocated,
    int bitsStored,
    int highBit,
    boolean signed,
    int frames,
    double rescaleSlope,
    double rescaleIntercept) {
  /** 33.5 million, twice what the finest detectors have; more is refused before memory is taken. */
  public static final int MOST_PIXELS = 1 << 25;

  public PixelFormat {
    check(rows > 0 && columns > 0, "an image of " + rows + " x " + columns + " pixels is empty");
    check(
        (long) rows * columns <= MOST_PIXELS,
        "declares "
            + rows
            + " x "
            + columns
            + " pixels; at most "
            + MOST_PIXELS
            + " are read, and no X-ray has more");
    check(
        bitsAllocated == 8 || bitsAllocated == 16,
        "BitsAllocated is " + bitsAllocated + "; 8 and 16 are read");
    check(
        bitsStored > 0 && bitsStored <= bitsAllocated,
        "BitsStored is " + bitsStored + " of " + bitsAllocated + " BitsAllocated");
    check(
        highBit >= bitsStored - 1 && highBit < bitsAllocated,
        "HighBit " + highBit + " does not fit " + bitsStored + " BitsStored");
    check(frames > 0, "NumberOfFrames is " + frames);
    check(Double.isFinite(rescaleSlope) && rescaleSlope != 0, "RescaleSlope " + rescaleSlope);
    check(Double.isFinite(rescaleIntercept), "RescaleIntercept " + rescaleIntercept);
    boolean grey = photometric.startsWith("MONOCHROME");
    check(
        grey
            ? photometric.matches("MONOCHROME[12]")
            : photometric.matches("RGB|YBR_(FULL|FULL_422|ICT|RCT)"),
        "PhotometricInterpretation '"
            + photometric
            + "' is not read; MONOCHROME1, MONOCHROME2 and RGB are");
    check(
        samplesPerPixel == (grey ? 1 : 3),
        "SamplesPerPixel is " + samplesPerPixel + " for " + photometric);
    check(
        grey || (!signed && bitsStored == 8 && bitsAllocated == 8),
        "colours of other than 8 bits are not read");
  }

  private static void check(boolean holds, String message) {
    if (!holds) {
      throw new IllegalArgumentException(message);
    }
  }

  /** rows * columns. */
  public int pixels() {
    return rows * columns;
  }

  /** 2^BitsStored - 1, the range of display samples. */
  public int maxValue() {
    return (1 << bitsStored) - 1;
  }

  /** The least sample that the format can store. */
  public int minStored() {
    return signed ? -(1 << (bitsStored - 1)) : 0;
  }

  /**
   * Whether small stored samples are bright: MONOCHROME1 says so, and a negative slope turns it
   * round.
   */
  public boolean inverted() {
    return photometric.equals("MONOCHROME1") != (rescaleSlope < 0);
  }

  /** Bytes of one frame where it is not compressed. */
  long frameBytes() {
    return (long) pixels() * samplesPerPixel * (bitsAllocated / 8);
  }
}
