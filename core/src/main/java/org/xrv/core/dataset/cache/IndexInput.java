package org.xrv.core.dataset.cache;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Reads an index a piece at a time: of 600,000 samples the whole is 80 MB, which would double what
 * opening takes.
 */
final class IndexInput {
  private static final int PIECE = 1 << 16;

  private final InputStream in;
  private final ByteBuffer piece = ByteBuffer.allocate(PIECE).limit(0);
  private long left;

  /**
   * @param size of the whole in bytes, which no count in it can exceed
   */
  IndexInput(InputStream in, long size) {
    this.in = in;
    this.left = size;
  }

  int number() throws IOException {
    require(Integer.BYTES);
    return piece.getInt();
  }

  byte octet() throws IOException {
    require(1);
    return piece.get();
  }

  /** A number of things that follow, each of a byte at least. */
  int count() throws IOException {
    int count = number();
    if (count < 0 || count > left + piece.remaining()) {
      throw new IllegalArgumentException("not an index");
    }
    return count;
  }

  String text() throws IOException {
    int length = count();
    if (length > PIECE) {
      throw new IllegalArgumentException("not an index");
    }
    require(length);
    String text = new String(piece.array(), piece.position(), length, StandardCharsets.UTF_8);
    piece.position(piece.position() + length);
    return text;
  }

  private void require(int bytes) throws IOException {
    if (piece.remaining() >= bytes) {
      return;
    }
    piece.compact();
    while (piece.position() < bytes) {
      int read = in.read(piece.array(), piece.position(), piece.remaining());
      if (read < 0) {
        throw new EOFException();
      }
      left -= read;
      piece.position(piece.position() + read);
    }
    piece.flip();
  }
}
