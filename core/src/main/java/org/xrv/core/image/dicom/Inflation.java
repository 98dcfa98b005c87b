package org.xrv.core.image.dicom;

import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** The deflated encoding: everything behind the file's meta information is one deflate stream. */
final class Inflation {
  /** No X-ray of {@link PixelFormat#MOST_PIXELS} needs more. */
  private static final int MOST = 4 * PixelFormat.MOST_PIXELS;

  private static final int HEADER = 1 << 18;
  private static final int CHUNK = 1 << 16;

  private Inflation() {}

  /**
   * Inflates twice, first only to learn the size: a small file that inflates to gigabytes is
   * refused before memory is taken.
   *
   * @param headerOnly to stop after the first 256 KiB
   */
  static byte[] inflate(byte[] file, int from, boolean headerOnly) throws DicomException {
    int limit = headerOnly ? HEADER : MOST;
    int size = run(file, from, limit, null);
    if (!headerOnly && size == limit) {
      throw new DicomException("inflates to " + limit + " bytes or more; no X-ray is that large");
    }
    byte[] out = new byte[size];
    run(file, from, limit, out);
    return out;
  }

  /** Inflates at most {@code limit} bytes into {@code out}, or nowhere; returns their number. */
  private static int run(byte[] file, int from, int limit, byte[] out) throws DicomException {
    Inflater inflater = new Inflater(true);
    try {
      inflater.setInput(file, from, file.length - from);
      byte[] nowhere = new byte[CHUNK];
      int size = 0;
      while (size < limit && !inflater.finished()) {
        int most = Math.min(CHUNK, (out == null ? limit : out.length) - size);
        int n =
            out == null ? inflater.inflate(nowhere, 0, most) : inflater.inflate(out, size, most);
        if (out != null && size + n == out.length) {
          return size + n;
        }
        if (n == 0 && !inflater.finished()) {
          throw new DicomException("the deflated data end too early; the file is truncated");
        }
        size += n;
      }
      return size;
    } catch (DataFormatException e) {
      throw new DicomException("the deflated data are damaged: " + e.getMessage(), e);
    } finally {
      inflater.end();
    }
  }
}
