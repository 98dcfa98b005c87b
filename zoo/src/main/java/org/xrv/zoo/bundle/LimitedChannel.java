package org.xrv.zoo.bundle;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;

/** A file of which only so many bytes may be read, until the limit is lifted. */
final class LimitedChannel implements SeekableByteChannel {
  private final SeekableByteChannel file;
  private long left;

  LimitedChannel(SeekableByteChannel file, long limit) {
    this.file = file;
    this.left = limit;
  }

  void lift() {
    left = Long.MAX_VALUE;
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    int n = file.read(into);
    left -= Math.max(n, 0);
    if (left < 0) {
      throw new IOException("it has more or longer headers than a bundle needs");
    }
    return n;
  }

  @Override
  public int write(ByteBuffer from) {
    throw new java.nio.channels.NonWritableChannelException();
  }

  @Override
  public long position() throws IOException {
    return file.position();
  }

  @Override
  public SeekableByteChannel position(long position) throws IOException {
    file.position(position);
    return this;
  }

  @Override
  public long size() throws IOException {
    return file.size();
  }

  @Override
  public SeekableByteChannel truncate(long size) {
    throw new java.nio.channels.NonWritableChannelException();
  }

  @Override
  public boolean isOpen() {
    return file.isOpen();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
