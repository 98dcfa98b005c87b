package org.xrv.zoo.registry;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Duration;

/** The body of an answer as a stream. */
final class BodyStream extends InputStream {
  private final RegistryHttp.Answer answer;
  private final Duration patience;
  private ByteBuffer current = ByteBuffer.allocate(0);

  BodyStream(RegistryHttp.Answer answer, Duration patience) {
    this.answer = answer;
    this.patience = patience;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    while (!current.hasRemaining()) {
      current = answer.body().next(patience, () -> false);
      if (current == null) {
        current = ByteBuffer.allocate(0);
        return -1;
      }
    }
    int n = Math.min(length, current.remaining());
    current.get(bytes, offset, n);
    return n;
  }

  @Override
  public void close() {
    answer.close();
  }
}
