package org.xrv.zoo.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.io.AtomicFiles;
import org.xrv.core.io.Digests;
import org.xrv.zoo.name.ModelName;

/**
 * Blobs of the pool and of the layouts. A file gets its name here only after its bytes were hashed
 * on the way to the disk, and what has the name already is trusted only after it was hashed again.
 */
final class Blobs {
  private final ZooPaths paths;
  private final PartialFiles partial;
  private final Links links;

  Blobs(ZooPaths paths, PartialFiles partial, Links links) {
    this.paths = paths;
    this.partial = partial;
    this.links = links;
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
    Path pooled = paths.pooled(blob.digest());
    Path own = paths.blob(name, blob.digest());
    try {
      PartialFiles.createDirectory(pooled.getParent());
      PartialFiles.createDirectory(own.getParent());
      if (blob.damage(pooled).isPresent()) {
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
   * Makes a directory's file out of a verified blob, as a link or a copy.
   *
   * @param file does not exist
   */
  void materialize(Path verified, Path file, Blob blob) throws IOException {
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
