package org.xrv.converter.onnx;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** Bytes that can be read at any position: a file, which is not mapped, or an array. */
interface ByteSource {
  long size() throws IOException;

  /** Fills the rest of the buffer from a position on. */
  void read(long position, ByteBuffer target) throws IOException;

  static ByteSource of(FileChannel channel) {
    return new ByteSource() {
      @Override
      public long size() throws IOException {
        return channel.size();
      }

      @Override
      public void read(long position, ByteBuffer target) throws IOException {
        long at = position;
        while (target.hasRemaining()) {
          int n = channel.read(target, at);
          if (n < 0) {
            throw new EOFException("it ends early");
          }
          at += n;
        }
      }
    };
  }

  static ByteSource of(byte[] bytes) {
    return new ByteSource() {
      @Override
      public long size() {
        return bytes.length;
      }

      @Override
      public void read(long position, ByteBuffer target) throws IOException {
        if (position < 0 || position + target.remaining() > bytes.length) {
          throw new EOFException("it ends early");
        }
        target.put(bytes, (int) position, target.remaining());
      }
    };
  }
}
