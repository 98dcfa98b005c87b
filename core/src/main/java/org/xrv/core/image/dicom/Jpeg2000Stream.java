package org.xrv.core.image.dicom;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * A codestream for the JPEG 2000 library, which damaged ones would keep busy for ever: it takes -1
 * at the end for a byte of ones, and after two bytes of ones in a packet's header it reads the
 * second again and again. Such a pair is in no packet (ISO/IEC 15444-1, B.10.1 and C.2.1).
 */
final class Jpeg2000Stream extends MemoryCacheImageInputStream {
  private static final int TILE_DATA = 0xFF93;
  private static final int ONES = 0xFF;

  private final int length;
  private final int packets;
  private int last;

  Jpeg2000Stream(byte[] content) {
    super(new ByteArrayInputStream(content));
    this.length = content.length;
    this.packets = packets(content);
  }

  /** Where the first tile's packets begin, behind markers that state their lengths. */
  private static int packets(byte[] in) {
    int at = 2;
    while (at + 4 <= in.length && ((in[at] & ONES) << 8 | (in[at + 1] & ONES)) != TILE_DATA) {
      at += 2 + ((in[at + 2] & ONES) << 8 | (in[at + 3] & ONES));
    }
    return at;
  }

  /** Asked for at each packet; the library would find it out by reading to the end. */
  @Override
  public long length() {
    return length;
  }

  /**
   * Packet headers are read with this, byte by byte.
   *
   * @throws IllegalStateException and no IOException, for which the library prints a stack trace
   */
  @Override
  public int read() throws IOException {
    int one = super.read();
    if (one < 0) {
      throw new IllegalStateException("its data end within the header of a packet");
    }
    if (one == ONES && last == ONES && getStreamPosition() > packets) {
      throw new IllegalStateException("the header of a packet holds a marker");
    }
    last = one;
    return one;
  }

  @Override
  public int read(byte[] to, int from, int count) throws IOException {
    last = 0;
    return super.read(to, from, count);
  }
}
