package org.xrv.zoo.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.io.AtomicFiles;
import org.xrv.zoo.name.Digest;

/**
 * Blobs on their way into a zoo. Threads and processes that want the same blob agree that one of
 * them fetches it; when that fails to work (paused machines, strange file systems) the blob is
 * fetched twice, and nothing worse happens.
 */
public final class IncomingBlobs {
  private final ZooPaths paths;
  private final PartialFiles partial;
  private final Blobs blobs;
  private final VerifiedFiles verified;

  IncomingBlobs(ZooPaths paths, PartialFiles partial, Blobs blobs, VerifiedFiles verified) {
    this.paths = paths;
    this.partial = partial;
    this.blobs = blobs;
    this.verified = verified;
  }

  /** Whether the zoo has a blob; it is read unless this process did so before. */
  public boolean has(Blob blob) {
    return verified.damage(blob, paths.pooled(blob.digest())).isEmpty();
  }

  /**
   * Begins to fetch a blob, or goes on where somebody stopped.
   *
   * @return empty while somebody else fetches it: look again in a moment
   * @throws ProblemException DISK
   */
  public Optional<IncomingBlob> begin(Blob blob) {
    Path pooled = paths.pooled(blob.digest());
    try {
      PartialFiles.createDirectory(paths.partial());
      Optional<FetchToken> token = FetchToken.take(paths.partial(), blob.digest());
      if (token.isEmpty()) {
        return Optional.empty();
      }
      try {
        return Optional.of(IncomingBlob.open(blob, paths.partial(), partial, blobs, token.get()));
      } catch (IOException | RuntimeException e) {
        token.get().release();
        throw e;
      }
    } catch (IOException e) {
      throw AtomicFiles.disk(pooled, e);
    }
  }

  /**
   * Takes a blob from a file of this machine, as a link where that is possible.
   *
   * @return false when the file holds other bytes
   * @throws ProblemException DISK
   */
  public boolean take(Blob blob, Path file) {
    try {
      if (blob.damage(file).isPresent()) {
        return false;
      }
      blobs.take(file, blob);
      return has(blob);
    } catch (IOException e) {
      throw AtomicFiles.disk(paths.pooled(blob.digest()), e);
    }
  }

  /**
   * Reads a small blob.
   *
   * @throws ProblemException DIGEST_MISMATCH when it is damaged or not here
   */
  public byte[] read(Blob blob) {
    Path file = paths.pooled(blob.digest());
    try {
      byte[] bytes = Files.readAllBytes(file);
      if (Digest.of(bytes).equals(blob.digest())) {
        return bytes;
      }
    } catch (IOException e) {
      // said below
    }
    throw new ProblemException(
        ProblemKind.DIGEST_MISMATCH, "blob " + file + " is damaged or gone; pull again");
  }

  /** How much of a blob was fetched before the work was interrupted, in bytes. */
  public long begun(Blob blob) {
    try {
      return IncomingBlob.leftovers(paths.partial(), IncomingBlob.stem(blob), blob.size()).stream()
          .mapToLong(f -> f.toFile().length())
          .max()
          .orElse(0);
    } catch (IOException e) {
      return 0;
    }
  }

  /** Where the pool of a zoo has a blob, if it has a file of this name. */
  public Optional<Path> pooled(Blob blob) {
    return Optional.of(paths.pooled(blob.digest())).filter(Files::isRegularFile);
  }

  /**
   * What fits onto the disk, in bytes.
   *
   * @throws ProblemException DISK
   */
  public long usable() {
    try {
      PartialFiles.createDirectory(paths.partial());
      return Files.getFileStore(paths.partial()).getUsableSpace();
    } catch (IOException e) {
      throw AtomicFiles.disk(paths.root(), e);
    }
  }

  public Path root() {
    return paths.root();
  }
}
