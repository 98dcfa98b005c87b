package org.xrv.core.image.dicom;

/**
 * How often a JPEG image is gone over. Progressive files refine their pixels in about ten scans;
 * one of 50 kB can hold thousands, and keep a decoder busy for minutes.
 */
public final class JpegScans {
  /** 16 scans of the largest image; a decoder needs about a second. */
  private static final long MOST = 16L * PixelFormat.MOST_PIXELS;

  private JpegScans() {}

  /**
   * Whether a file has more scans than any real one of its size.
   *
   * @param pixels that it declares
   */
  public static boolean tooMany(byte[] file, long pixels) {
    return count(file) * pixels > MOST;
  }

  /** The scans up to the end of the image; ITU-T T.81, annex B. */
  static int count(byte[] file) {
    int scans = 0;
    int at = 2;
    while (at + 4 <= file.length) {
      int marker = file[at + 1] & 0xff;
      if (file[at] != (byte) 0xFF || marker == 0xFF) {
        at++; // a scan's data, or a fill byte
      } else if (marker <= 0x01 || (marker >= 0xD0 && marker <= 0xD8)) {
        at += 2; // without a length
      } else if (marker == 0xD9) {
        break;
      } else {
        scans += marker == 0xDA ? 1 : 0;
        at += 2 + ((file[at + 2] & 0xff) << 8 | (file[at + 3] & 0xff));
      }
    }
    return scans;
  }
}
