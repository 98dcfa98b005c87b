package org.xrv.zoo.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.io.AtomicFiles;
import org.xrv.core.io.Digests;
import org.xrv.zoo.name.Digest;
import org.xrv.zoo.name.ModelName;

/**
 * Blobs of the pool and of the layouts. A file gets its name here only after its bytes were hashed
 * on the way to the disk, and what has the name already is trusted only after it was hashed again,
 * or by the process that hashed it.
 */
final class Blobs {
  private final ZooPaths paths;
  private final PartialFiles partial;

  /** More collections of garbage than will ever begin while one blob is added. */
  private static final int ATTEMPTS = 10;

  private final Links links;
  private final VerifiedFiles verified;
  private final Quarantine quarantine;

  Blobs(
      ZooPaths paths,
      PartialFiles partial,
      Links links,
      VerifiedFiles verified,
      Quarantine quarantine) {
    this.paths = paths;
    this.partial = partial;
    this.links = links;
    this.verified = verified;
    this.quarantine = quarantine;
  }

  /** Where bytes come from. */
  @FunctionalInterface
  interface Source {
    InputStream open() throws IOException;
  }

  /**
   * Puts a blob into the pool and a model's layout; damaged ones are replaced.
   *
   * @param what names the source in a message
   * @throws ProblemException BAD_DATA when the source holds other bytes, DISK
   */
  void add(ModelName name, Blob blob, Source source, String what) {
    Path own = paths.blob(name, blob.digest());
    try {
      for (int attempt = 1; ; attempt++) {
        try {
          put(name, blob, source, what);
          return;
        } catch (NoSuchFileException e) {
          // A collection of garbage that began before this blob was pinned moved it aside.
          if (attempt == ATTEMPTS) {
            throw e;
          }
        }
      }
    } catch (IOException e) {
      throw AtomicFiles.disk(own, e);
    }
  }

  private void put(ModelName name, Blob blob, Source source, String what) throws IOException {
    Path pooled = paths.pooled(blob.digest());
    Path own = paths.blob(name, blob.digest());
    PartialFiles.createDirectory(pooled.getParent());
    PartialFiles.createDirectory(own.getParent());
    if (!Files.exists(pooled)) {
      recover(blob.digest());
    }
    if (!verified.isKnown(pooled, blob.digest()) && blob.damage(pooled).isPresent()) {
      Path part = copy(blob, source, what, pooled);
      try {
        place(part, pooled, blob);
      } finally {
        Files.deleteIfExists(part);
      }
    }
    if (!isSame(own, pooled) && blob.damage(own).isPresent()) {
      place(pooled, own, blob);
    }
  }

  /**
   * How many bytes of some blobs the pool does not have; whether what it has is sound comes later.
   */
  long lacking(Collection<Blob> wanted) {
    return wanted.stream()
        .distinct()
        .filter(b -> paths.pooled(b.digest()).toFile().length() != b.size())
        .mapToLong(Blob::size)
        .sum();
  }

  /** Whether a blob has both its names; its bytes are not read. */
  boolean isHere(ModelName name, Blob blob) {
    return paths.pooled(blob.digest()).toFile().length() == blob.size()
        && paths.blob(name, blob.digest()).toFile().length() == blob.size()
        && Files.exists(paths.pooled(blob.digest()))
        && Files.exists(paths.blob(name, blob.digest()));
  }

  /**
   * Looks for a blob that is missing: a collection of garbage may be about to put it back, or was
   * killed before it could.
   *
   * @return whether something was put back
   */
  boolean recover(Digest digest) {
    try {
      return quarantine.restore(digest);
    } catch (IOException | ProblemException e) {
      return false; // such as in a zoo that can only be read: then it is missing
    }
  }

  /**
   * Gives a blob both its names again, by links to an intact copy where there are links.
   *
   * @param intact was just hashed
   */
  void mend(ModelName name, Blob blob, Path intact) {
    Path pooled = paths.pooled(blob.digest());
    Path own = paths.blob(name, blob.digest());
    try {
      for (Path target : List.of(pooled, own)) {
        PartialFiles.createDirectory(target.getParent());
        if (blob.damage(target).isPresent()) {
          place(intact, target, blob);
        }
      }
    } catch (IOException e) {
      throw AtomicFiles.disk(own, e);
    }
  }

  /**
   * Puts a verified, durable, read-only temporary file into the pool and a model's layout; damaged
   * blobs of this name are replaced. The temporary name stays.
   *
   * @throws ProblemException DISK
   */
  void take(ModelName name, Blob blob, Path verified) {
    Path pooled = paths.pooled(blob.digest());
    Path own = paths.blob(name, blob.digest());
    try {
      PartialFiles.createDirectory(pooled.getParent());
      PartialFiles.createDirectory(own.getParent());
      if (blob.damage(pooled).isPresent()) {
        place(verified, pooled, blob);
      }
      if (!isSame(own, pooled) && blob.damage(own).isPresent()) {
        place(pooled, own, blob);
      }
    } catch (IOException e) {
      throw AtomicFiles.disk(own, e);
    }
  }

  static boolean isSame(Path a, Path b) throws IOException {
    return Files.exists(a) && Files.exists(b) && Files.isSameFile(a, b);
  }

  /**
   * Takes a finished download into the pool.
   *
   * @param part durable, read-only, and compared with the digest while it was written
   */
  void receive(Path part, Blob blob) throws IOException {
    Path pooled = paths.pooled(blob.digest());
    PartialFiles.move(part, pooled);
    verified.add(pooled, blob.digest());
  }

  /**
   * Gives a file of another place a name in the pool, as a link or a copy.
   *
   * @param file was just compared with the digest
   */
  void take(Path file, Blob blob) throws IOException {
    Path pooled = paths.pooled(blob.digest());
    PartialFiles.createDirectory(pooled.getParent());
    place(file, pooled, blob);
    if (isSame(file, pooled)) {
      verified.add(pooled, blob.digest());
    }
  }

  /** Names a verified file a second time. */
  private void place(Path verified, Path target, Blob blob) throws IOException {
    try {
      if (links.link(target, verified)) {
        AtomicFiles.syncDirectory(target.getParent());
        return;
      }
    } catch (FileAlreadyExistsException e) {
      if (blob.damage(target).isEmpty()) {
        return; // somebody else was faster
      }
    }
    Path part = partial.fresh(blob.digest().hex());
    try {
      if (!links.link(part, verified)) {
        part = copy(blob, () -> Files.newInputStream(verified), verified.toString(), target);
      }
      PartialFiles.move(part, target);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  /**
   * Makes a directory's file out of a verified blob of a layout, as a link or a copy.
   *
   * @param file does not exist
   */
  void materialize(ModelName name, Blob blob, Path file) throws IOException {
    Path verified = paths.blob(name, blob.digest());
    if (!Files.exists(verified)) {
      recover(blob.digest());
    }
    if (!links.link(file, verified)) {
      Path part = copy(blob, () -> Files.newInputStream(verified), verified.toString(), file);
      try {
        PartialFiles.move(part, file);
      } finally {
        Files.deleteIfExists(part);
      }
    }
  }

  /** Copies to a temporary name, durably, read-only, and only if the bytes are the right ones. */
  private Path copy(Blob blob, Source source, String what, Path target) {
    Path part =
        partial.write(
            blob.digest().hex(),
            target,
            out -> {
              MessageDigest digest = Digests.sha256();
              long size = transfer(source, out, digest, what);
              String hex = HexFormat.of().formatHex(digest.digest());
              if (size != blob.size() || !hex.equals(blob.digest().hex())) {
                throw new ProblemException(
                    ProblemKind.BAD_DATA,
                    what + " changed while it was read; wait until it is written and start again");
              }
            });
    // A blob is shared by everything that holds the same bytes: nobody should write into it.
    if (!part.toFile().setReadOnly()) {
      AtomicFiles.deleteTree(part);
      throw AtomicFiles.disk(target, new IOException("it cannot be made read-only"));
    }
    return part;
  }

  private static long transfer(Source source, OutputStream out, MessageDigest digest, String what)
      throws IOException {
    byte[] buffer = new byte[1 << 16];
    long size = 0;
    try (InputStream in = open(source, what)) {
      for (int n; (n = read(in, buffer, what)) > 0; size += n) {
        digest.update(buffer, 0, n);
        out.write(buffer, 0, n);
      }
    }
    return size;
  }

  private static InputStream open(Source source, String what) {
    try {
      return source.open();
    } catch (IOException e) {
      throw unreadable(what, e);
    }
  }

  private static int read(InputStream in, byte[] buffer, String what) {
    try {
      return in.read(buffer);
    } catch (IOException e) {
      throw unreadable(what, e);
    }
  }

  private static ProblemException unreadable(String what, IOException e) {
    return new ProblemException(
        ProblemKind.BAD_DATA, "cannot read " + what + ": " + e.getMessage(), e);
  }
}
