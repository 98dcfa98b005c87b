package org.xrv.core.image.dicom;

/**
 * What a JPEG or JPEG 2000 codestream says about itself, compared with the file's attributes before
 * a library takes memory for it.
 *
 * @param process JPEG: the start-of-frame marker's low byte; JPEG 2000: 0
 * @param precision bits of a sample
 */
record Codestream(int process, int rows, int columns, int components, int precision) {
  private static final int BASELINE = 0xC0;
  private static final int LOSSLESS = 0xC3;
  private static final int MOST_TILES = 4096;

  /** JPEG: whether a library decodes the process. */
  boolean lossless() {
    return process == LOSSLESS;
  }

  /** JPEG: Huffman coding with DCT: baseline, extended or progressive. */
  boolean transformed() {
    return process >= BASELINE && process < LOSSLESS;
  }

  /** Refuses a codestream of another image than the attributes describe. */
  void check(PixelFormat format) throws DicomException {
    if (rows != format.rows()
        || columns != format.columns()
        || components != format.samplesPerPixel()
        || precision > format.bitsAllocated()) {
      throw new DicomException(
          "the compressed image has "
              + rows
              + " x "
              + columns
              + " pixels, "
              + components
              + " channels, "
              + precision
              + " bits, the header declares "
              + format.rows()
              + " x "
              + format.columns()
              + ", "
              + format.samplesPerPixel()
              + ", "
              + format.bitsAllocated()
              + "; the file is damaged");
    }
  }

  /** Up to the frame header; ITU-T T.81, annex B. */
  static Codestream ofJpeg(byte[] in) throws DicomException {
    int at = 2;
    if (in.length < 4 || number(in, 0) != 0xFFD8) {
      throw new DicomException("the pixel data are no JPEG image; the file is damaged");
    }
    while (at + 4 <= in.length && (in[at] & 0xff) == 0xFF) {
      int marker = in[at + 1] & 0xff;
      if (marker == 0xFF) {
        at++; // fill byte
      } else if (marker >= 0xC0
          && marker <= 0xCF
          && marker != 0xC4
          && marker != 0xC8
          && marker != 0xCC) {
        if (at + 10 > in.length) {
          break;
        }
        return new Codestream(
            marker, number(in, at + 5), number(in, at + 7), in[at + 9] & 0xff, in[at + 4] & 0xff);
      } else {
        at += 2 + number(in, at + 2);
      }
    }
    throw new DicomException("the JPEG image has no frame header; the file is damaged");
  }

  /** The SIZ segment, which comes first; ISO/IEC 15444-1, A.5.1. */
  static Codestream ofJpeg2000(byte[] in, int from) throws DicomException {
    if (in.length < from + 45) {
      throw new DicomException("the JPEG 2000 image ends within its header; it is truncated");
    }
    long columns = wide(in, from + 8) - wide(in, from + 16);
    long rows = wide(in, from + 12) - wide(in, from + 20);
    long tileColumns = wide(in, from + 24);
    long tileRows = wide(in, from + 28);
    if (columns < 1
        || rows < 1
        || columns > 0xffff
        || rows > 0xffff
        || tileColumns < 1
        || in[from + 43] != 1 // every pixel has a sample
        || in[from + 44] != 1
        || tileRows < 1
        || (columns / tileColumns + 2) * (rows / tileRows + 2) > MOST_TILES) {
      throw new DicomException("the JPEG 2000 image has an impossible size; the file is damaged");
    }
    return new Codestream(
        0, (int) rows, (int) columns, number(in, from + 40), (in[from + 42] & 0x7f) + 1);
  }

  private static int number(byte[] in, int at) {
    return ((in[at] & 0xff) << 8) | (in[at + 1] & 0xff);
  }

  private static long wide(byte[] in, int at) {
    return ((long) number(in, at) << 16) | number(in, at + 2);
  }
}
