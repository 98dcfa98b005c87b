package org.xrv.core.dataset.files;

import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.xrv.core.io.AtomicFiles;

/**
 * A .tar.gz: to know what it holds is to decompress it, so that nothing is known before, and a
 * member can be read only when its turn comes.
 */
public record SequentialArchive(Path file) {
  private static final int BUFFER = 1 << 18;

  /** For messages. */
  public String name() {
    return file.getFileName().toString();
  }

  /** Bytes of the file. */
  public long size() {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw AtomicFiles.disk(file, e);
    }
  }

  /** Name, size and time of change: another state means that the file was replaced. */
  public String state() {
    try {
      return name() + " " + size() + " " + Files.getLastModifiedTime(file).toMillis();
    } catch (IOException e) {
      throw AtomicFiles.disk(file, e);
    }
  }

  /** Begins to read it. */
  public Pass pass() throws IOException {
    return new Pass(file);
  }

  /** One reading of the archive. For one thread. */
  public static final class Pass implements AutoCloseable {
    private final Path file;
    private final Counting counting;
    private final TarReader tar;
    private String path = "";
    private long size;
    private int members;
    private int leftOut;

    private Pass(Path file) throws IOException {
      this.file = file;
      this.counting = new Counting(Files.newInputStream(file));
      try {
        this.tar =
            new TarReader(
                new BufferedInputStream(
                    // Before a cut it gives what it has; Commons Compress's keeps up to a buffer.
                    new GZIPInputStream(new BufferedInputStream(counting, BUFFER), BUFFER),
                    BUFFER));
      } catch (IOException | RuntimeException e) {
        counting.close();
        throw e;
      }
    }

    /**
     * Goes to the next plain file.
     *
     * @return whether there is one; at the end, the checksum of the whole was compared
     * @throws IOException when the archive is cut off or damaged; what came before is sound as far
     *     as can be told
     */
    public boolean next() throws IOException {
      while (true) {
        Optional<TarArchiveEntry> next = tar.next();
        if (next.isEmpty()) {
          if (members == 0) {
            throw new IOException("it has no members");
          }
          tar.drain();
          return false;
        }
        TarArchiveEntry entry = next.get();
        if (++members > Archive.MOST_MEMBERS) {
          throw new IOException("more than " + Archive.MOST_MEMBERS + " members");
        }
        if (entry.isDirectory() || entry.isGlobalPaxHeader()) {
          continue;
        }
        Optional<String> safe = MemberNames.path(entry.getName());
        if (safe.isEmpty() || !TarReader.plain(entry)) {
          leftOut++;
          continue;
        }
        path = safe.get();
        size = entry.getSize();
        return true;
      }
    }

    /** The file's path in the archive. */
    public String path() {
      return path;
    }

    /** The file's name for messages. */
    public String place() {
      return file + "!" + path;
    }

    /** The file's bytes. */
    public long size() {
      return size;
    }

    /**
     * Reads the file.
     *
     * @throws IOException as {@link #next}, and when it has more than {@link DataFile#MOST_BYTES}
     */
    public byte[] content() throws IOException {
      if (size > DataFile.MOST_BYTES) {
        throw new IOException(
            path + " has " + size + " bytes; at most " + DataFile.MOST_BYTES + " are read");
      }
      byte[] content = tar.content((int) size);
      if (content.length < size) {
        throw new IOException("it is cut off within " + path);
      }
      return content;
    }

    /** Bytes of the archive's file that were read. */
    public long position() {
      return counting.position;
    }

    /** Links, devices, and names that lead out of the archive: never looked at. */
    public int leftOut() {
      return leftOut;
    }

    @Override
    public void close() throws IOException {
      tar.close();
    }
  }

  private static final class Counting extends FilterInputStream {
    private long position;

    Counting(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int one = super.read();
      position += one < 0 ? 0 : 1;
      return one;
    }

    @Override
    public int read(byte[] bytes, int from, int count) throws IOException {
      int n = super.read(bytes, from, count);
      position += Math.max(0, n);
      return n;
    }
  }
}
