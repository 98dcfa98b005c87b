package org.xrv.zoo.store;

import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.io.Digests;
import org.xrv.zoo.name.Digest;

/**
 * Some bytes, by what identifies them.
 *
 * @param size in bytes
 */
public record Blob(Digest digest, long size) {
  public Blob {
    if (size < 0) {
      throw new ProblemException(
          ProblemKind.BAD_DATA, "blob " + digest + " is said to have " + size + " bytes");
    }
  }

  /** Of some bytes. */
  public static Blob of(byte[] bytes) {
    return new Blob(Digest.of(bytes), bytes.length);
  }

  /**
   * Reads a whole file and compares.
   *
   * @return what is wrong, as the end of a sentence; empty when the file holds these bytes
   */
  Optional<String> damage(Path file) {
    try {
      if (!Files.isRegularFile(file)) {
        return Optional.of("is missing");
      }
      long found = Files.size(file);
      if (found != size) {
        return Optional.of("has " + found + " bytes instead of " + size);
      }
      String hex = Digests.sha256(file);
      return hex.equals(digest.hex())
          ? Optional.empty()
          : Optional.of("has digest sha256:" + hex + " instead of " + digest);
    } catch (java.io.IOException | UncheckedIOException e) {
      return Optional.of("cannot be read (" + e.getMessage() + ")");
    }
  }
}
