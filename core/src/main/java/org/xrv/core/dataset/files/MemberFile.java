package org.xrv.core.dataset.files;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

/**
 * A member of a .zip or .tar, read at its place. The archive is opened for each reading: no handle
 * is left open, and threads do not wait for each other.
 *
 * @param member its path in the archive
 * @param offset of its bytes in a .tar, of its local header in a .zip
 * @param packed bytes in the archive
 * @param size bytes that the archive states
 * @param crc CRC-32 that the archive states; 0 in a .tar, which has none
 */
record MemberFile(
    Path archive, String member, Packing packing, long offset, long packed, long size, int crc)
    implements DataFile {
  private static final int BUFFER = 1 << 16;
  private static final int LOCAL_HEADER = 30;

  /** A local header with its name and extra field. */
  private static final int MOST_HEADER = LOCAL_HEADER + 2 * 0xffff;

  private static final int LOCAL_MARK = 0x04034b50;

  /** How a member lies in its archive. */
  enum Packing {
    TAR,
    STORED,
    DEFLATED,
    ENCRYPTED,
    UNSUPPORTED
  }

  @Override
  public String name() {
    return MemberNames.last(member);
  }

  @Override
  public Optional<Path> path() {
    return Optional.empty();
  }

  @Override
  public InputStream open() throws IOException {
    if (packing == Packing.ENCRYPTED) {
      throw new IOException("it is encrypted; unpack the archive with its password");
    }
    if (packing == Packing.UNSUPPORTED) {
      throw new IOException(
          "it is packed with a method that is not read (stored and deflate are); unpack the"
              + " archive");
    }
    if (size > MOST_BYTES) {
      throw new IOException(size + " bytes unpacked; at most " + MOST_BYTES + " are read");
    }
    if (size < 0 || packed < 0 || offset < 0 || offset > Long.MAX_VALUE - MOST_HEADER) {
      throw new IOException("the archive's directory gives it an impossible size or place");
    }
    FileChannel channel = FileChannel.open(archive, StandardOpenOption.READ);
    try {
      InputStream raw = new Slice(channel, start(channel), packed);
      InputStream content =
          packing == Packing.DEFLATED ? new Inflating(raw, new Inflater(true)) : raw;
      return new Verified(
          content, size, packing == Packing.TAR ? Optional.empty() : Optional.of(crc));
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /** A local header's name and extra field may differ from the directory's in length. */
  private long start(FileChannel channel) throws IOException {
    if (packing == Packing.TAR) {
      return offset;
    }
    ByteBuffer header = ByteBuffer.allocate(LOCAL_HEADER).order(ByteOrder.LITTLE_ENDIAN);
    while (header.hasRemaining()) {
      if (channel.read(header, offset + header.position()) < 0) {
        throw new IOException("the archive ends before it");
      }
    }
    if (header.getInt(0) != LOCAL_MARK) {
      throw new IOException("the archive's directory points to something else");
    }
    return offset
        + LOCAL_HEADER
        + Short.toUnsignedInt(header.getShort(26))
        + Short.toUnsignedInt(header.getShort(28));
  }

  @Override
  public String toString() {
    return archive + "!" + member;
  }

  /** Some bytes of a file; closing closes the file. */
  private static final class Slice extends InputStream {
    private final FileChannel channel;
    private long position;
    private long left;

    Slice(FileChannel channel, long position, long length) {
      this.channel = channel;
      this.position = position;
      this.left = length;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int from, int count) throws IOException {
      if (left == 0) {
        return -1;
      }
      int n = channel.read(ByteBuffer.wrap(bytes, from, (int) Math.min(left, count)), position);
      if (n < 0) {
        throw new IOException("the archive ends within it");
      }
      position += n;
      left -= n;
      return n;
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }

  private static final class Inflating extends InflaterInputStream {
    private final Inflater own;

    Inflating(InputStream in, Inflater inflater) {
      super(in, inflater, BUFFER);
      this.own = inflater;
    }

    @Override
    public void close() throws IOException {
      super.close();
      own.end(); // memory outside the heap
    }
  }

  /** Stops at what the archive did not announce: more bytes, fewer, or others. */
  private static final class Verified extends FilterInputStream {
    private final long size;
    private final Optional<Integer> expected;
    private final CRC32 crc = new CRC32();
    private long read;

    Verified(InputStream in, long size, Optional<Integer> expected) {
      super(in);
      this.size = size;
      this.expected = expected;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int from, int count) throws IOException {
      int n = super.read(bytes, from, count);
      if (n < 0) {
        if (read != size) {
          throw new IOException("it has " + read + " bytes, the archive says " + size);
        }
        if (expected.isPresent() && (int) crc.getValue() != expected.get()) {
          throw new IOException("it is damaged: its checksum is not the archive's");
        }
        return -1;
      }
      crc.update(bytes, from, n);
      read += n;
      if (read > size) {
        throw new IOException("it has more bytes than the " + size + " that the archive says");
      }
      return n;
    }

    /** Skipped bytes count for the checksum. */
    @Override
    public long skip(long count) throws IOException {
      byte[] skipped = new byte[(int) Math.min(count, BUFFER)];
      return Math.max(0, read(skipped, 0, skipped.length));
    }

    @Override
    public boolean markSupported() {
      return false;
    }
  }
}
