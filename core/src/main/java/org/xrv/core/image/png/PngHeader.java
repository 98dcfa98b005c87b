package org.xrv.core.image.png;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The first chunk, IHDR (PNG specification, 11.2.2).
 *
 * @param depth bits of a sample
 * @param colour 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGB and alpha
 * @param interlace 0 none, 1 Adam7
 */
record PngHeader(int width, int height, int depth, int colour, int interlace) {
  /** Where IHDR's data begin. */
  private static final int AT = 16;

  private static final int END = AT + 13;
  private static final byte[] SIGNATURE = {(byte) 137, 'P', 'N', 'G', 13, 10, 26, 10};
  private static final byte[] IHDR = "IHDR".getBytes(StandardCharsets.US_ASCII);

  static boolean looksLike(byte[] file) {
    return file.length >= END
        && Arrays.equals(file, 0, 8, SIGNATURE, 0, 8)
        && Arrays.equals(file, 12, AT, IHDR, 0, 4);
  }

  static PngHeader of(byte[] file) {
    ByteBuffer header = ByteBuffer.wrap(file, AT, 13);
    return new PngHeader(
        header.getInt(), header.getInt(), header.get(), header.get(), header.get(END - 1));
  }

  /** Whether it is of the kinds that are decoded here. */
  boolean plain() {
    return (depth == 8 || depth == 16)
        && (colour == 0 || colour == 2 || colour == 4 || colour == 6)
        && interlace == 0;
  }

  /** Bytes from one pixel to the next. */
  int pixelBytes() {
    int channels =
        switch (colour) {
          case 2 -> 3;
          case 4 -> 2;
          case 6 -> 4;
          default -> 1;
        };
    return channels * depth / 8;
  }

  /** Bytes of all rows, each with the number of its filter before it. */
  long filteredBytes() {
    return height * (1 + (long) width * pixelBytes());
  }
}
