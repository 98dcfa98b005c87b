package org.xrv.core.image.dicom;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * RLE Lossless, part 3.5, annex G: one PackBits segment for each byte of a sample, the most
 * significant first, channel after channel. Only the first channel is unpacked.
 */
final class RunLength {
  private static final int HEADER = 64;
  private static final int MOST_SEGMENTS = 15;

  /** Two bytes make at most 128. */
  private static final int BEST_RATIO = 64;

  private RunLength() {}

  /** Returns container values, 0 to 255 or 65535. */
  static int[] decode(byte[] frame, PixelFormat format) throws DicomException {
    int planes = format.bitsAllocated() / 8;
    if (frame.length < HEADER) {
      throw new DicomException("the RLE data end within their header; the file is truncated");
    }
    ByteBuffer header = ByteBuffer.wrap(frame).order(ByteOrder.LITTLE_ENDIAN);
    int segments = header.getInt(0);
    if (segments != planes * format.samplesPerPixel()) {
      throw new DicomException(
          segments
              + " RLE segments for "
              + format.samplesPerPixel()
              + " channels of "
              + format.bitsAllocated()
              + " bits; the file is damaged");
    }
    // Before the memory is taken: so few bytes cannot hold so many pixels.
    if (format.pixels() > (long) frame.length * BEST_RATIO) {
      throw tooShort(format);
    }
    int[] out = new int[format.pixels()];
    for (int plane = 0; plane < planes; plane++) {
      long from = Integer.toUnsignedLong(header.getInt(4 + 4 * plane));
      long to =
          plane + 1 < Math.min(segments, MOST_SEGMENTS)
              ? Integer.toUnsignedLong(header.getInt(8 + 4 * plane))
              : frame.length;
      if (from < HEADER || from > to || to > frame.length) {
        throw new DicomException(
            "RLE segment " + (plane + 1) + " lies outside the data; the file is damaged");
      }
      unpack(frame, (int) from, (int) to, out, format);
    }
    return out;
  }

  /** Shifts each byte in from the right; a segment may have more bytes than needed, not less. */
  private static void unpack(byte[] in, int from, int to, int[] out, PixelFormat format)
      throws DicomException {
    int at = from;
    int done = 0;
    while (done < out.length) {
      if (at >= to) {
        throw tooShort(format);
      }
      int control = in[at++];
      if (control >= 0) {
        int count = Math.min(control + 1, out.length - done);
        if (at + count > to) {
          throw tooShort(format);
        }
        for (int i = 0; i < count; i++) {
          out[done] = (out[done] << 8) | (in[at + i] & 0xff);
          done++;
        }
        at += control + 1;
      } else if (control != -128) { // -128 is no operation
        if (at >= to) {
          throw tooShort(format);
        }
        int value = in[at++] & 0xff;
        int count = Math.min(1 - control, out.length - done);
        for (int i = 0; i < count; i++) {
          out[done] = (out[done] << 8) | value;
          done++;
        }
      }
    }
  }

  private static DicomException tooShort(PixelFormat format) {
    return new DicomException(
        "the RLE data hold fewer than "
            + format.rows()
            + " x "
            + format.columns()
            + " pixels; the file is truncated or damaged");
  }
}
