package org.xrv.core.dataset.files;

import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** The members of a tar stream, one after the other. */
final class TarReader implements AutoCloseable {
  /** Long names and their like; a header that claims gigabytes would fill the memory. */
  private static final long MOST_HEADER_BYTES = 1 << 20;

  private final Guard guard;
  private final TarArchiveInputStream tar;
  private TarArchiveEntry entry;

  TarReader(InputStream in) {
    guard = new Guard(in);
    tar = new TarArchiveInputStream(guard);
  }

  /**
   * The next member, of whatever kind.
   *
   * @throws EOFException when the archive is cut off
   * @throws IOException when it is damaged
   */
  Optional<TarArchiveEntry> next() throws IOException {
    if (entry != null) {
      // Here and not by getNextEntry, as content is no header.
      long skipped = 1;
      while (skipped > 0) {
        skipped = tar.skip(Long.MAX_VALUE);
      }
      if (plain(entry) && guard.position - guard.start < entry.getSize()) {
        throw new EOFException("it is cut off within " + entry.getName());
      }
    }
    guard.left = MOST_HEADER_BYTES;
    try {
      entry = tar.getNextEntry();
    } catch (IllegalArgumentException e) {
      throw new IOException(e.getMessage(), e);
    }
    guard.left = Long.MAX_VALUE;
    if (entry != null && !entry.isCheckSumOK()) {
      throw new IOException("a damaged header");
    }
    guard.start = guard.position;
    return Optional.ofNullable(entry);
  }

  /** Where the current member's bytes begin, from the stream's start. */
  long start() {
    return guard.start;
  }

  /** The current member's bytes. */
  byte[] content(int most) throws IOException {
    return tar.readNBytes(most);
  }

  /** Reads what follows the last member, for the checksum of what the tar is packed in. */
  void drain() throws IOException {
    byte[] buffer = new byte[1 << 16];
    while (guard.read(buffer, 0, buffer.length) >= 0) {
      // Nothing to keep.
    }
  }

  /** A plain file: no link, device, folder or file with holes. */
  static boolean plain(TarArchiveEntry entry) {
    return entry.isFile()
        && !entry.isLink()
        && !entry.isSymbolicLink()
        && !entry.isDirectory()
        && !entry.isSparse()
        && !entry.isCharacterDevice()
        && !entry.isBlockDevice()
        && !entry.isFIFO();
  }

  @Override
  public void close() throws IOException {
    tar.close();
  }

  private static final class Guard extends FilterInputStream {
    private long position;
    private long start;
    private long left = MOST_HEADER_BYTES;

    Guard(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int from, int count) throws IOException {
      int n = super.read(bytes, from, count);
      if (n > 0) {
        took(n);
      }
      return n;
    }

    @Override
    public long skip(long count) throws IOException {
      long n = super.skip(count);
      took(n);
      return n;
    }

    private void took(long n) throws IOException {
      position += n;
      left -= n;
      if (left < 0) {
        throw new IOException("a header of more than " + MOST_HEADER_BYTES + " bytes");
      }
    }
  }
}
