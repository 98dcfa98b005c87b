package org.xrv.core.dataset.files;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;

/** The members of a .tar, from one pass over its headers. */
final class TarListing {
  private TarListing() {}

  /** Members before a cut or damaged place are listed; a line says that there are no more. */
  static void read(Path file, Archive.Listing listing) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        TarReader tar = new TarReader(new Seeking(channel))) {
      long end = channel.size();
      while (true) {
        Optional<TarArchiveEntry> next = tar.next();
        if (next.isEmpty()) {
          if (listing.members() == 0) {
            throw new IOException("it has no members");
          }
          return;
        }
        listing.count();
        add(file, next.get(), tar.start(), end, listing);
      }
    } catch (IOException e) {
      String line =
          file
              + ": cannot be read as a tar archive"
              + (listing.members() == 0 ? "" : " after " + listing.members() + " members")
              + ": "
              + DataFile.reason(e)
              + "; fetch it again";
      if (listing.members() == 0) {
        throw new ProblemException(ProblemKind.BAD_DATA, line, e);
      }
      listing.problem(line);
    }
  }

  private static void add(
      Path file, TarArchiveEntry entry, long start, long end, Archive.Listing listing)
      throws IOException {
    if (entry.isDirectory() || entry.isGlobalPaxHeader()) {
      return;
    }
    Optional<String> path = MemberNames.path(entry.getName());
    if (path.isEmpty() || !TarReader.plain(entry)) {
      listing.leaveOut(entry.getName());
      return;
    }
    if (entry.getSize() > end - start) {
      throw new IOException("it is cut off within " + path.get());
    }
    listing.add(
        path.get(),
        new MemberFile(
            file, path.get(), MemberFile.Packing.TAR, start, entry.getSize(), entry.getSize(), 0));
  }

  /** A file whose bytes are skipped without being read. */
  private static final class Seeking extends InputStream {
    private final FileChannel channel;

    Seeking(FileChannel channel) {
      this.channel = channel;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int from, int count) throws IOException {
      return channel.read(ByteBuffer.wrap(bytes, from, count));
    }

    @Override
    public long skip(long count) throws IOException {
      long skipped = Math.max(0, Math.min(count, channel.size() - channel.position()));
      channel.position(channel.position() + skipped);
      return skipped;
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
