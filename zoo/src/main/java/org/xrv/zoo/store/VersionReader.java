package org.xrv.zoo.store;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.zoo.name.Digest;

/** Reads the blobs of published versions and compares them with their digests. */
final class VersionReader {
  private final ZooPaths paths;
  private final Blobs blobs;

  VersionReader(ZooPaths paths, Blobs blobs) {
    this.paths = paths;
    this.blobs = blobs;
  }

  /**
   * Reads the manifest and all blobs that it names.
   *
   * @throws ProblemException DIGEST_MISMATCH
   */
  Manifest verified(Resolved found) {
    Manifest manifest = manifest(found);
    requireSound(found, "the configuration", manifest.config());
    for (PackageFile file : manifest.files()) {
      requireSound(found, file.path().text(), file.blob());
    }
    String where = found.model() + ": " + PackageIdentity.FILE;
    PackageIdentity.parse(bytes(found, manifest.description()), where)
        .requireIs(found.model(), where);
    return manifest;
  }

  /**
   * Reads the manifest.
   *
   * @throws ProblemException DIGEST_MISMATCH
   */
  Manifest manifest(Resolved found) {
    byte[] bytes = manifestBytes(found);
    return Manifest.parse(bytes, found.model() + ": the manifest");
  }

  private byte[] manifestBytes(Resolved found) {
    Path file = paths.blob(found.model().name(), found.digest());
    Optional<String> damage = Optional.empty();
    for (int attempt = 0; attempt < 2; attempt++) {
      if (!Files.isRegularFile(file)) {
        damage = Optional.of("is missing");
      } else {
        try {
          byte[] bytes = ZooJson.read(file);
          Digest digest = Digest.of(bytes);
          if (digest.equals(found.digest())) {
            return bytes;
          }
          damage = Optional.of("has digest " + digest + " instead of " + found.digest());
        } catch (ProblemException e) {
          damage = Optional.of("cannot be read (" + e.getMessage() + ")");
        }
      }
      if (!Files.isRegularFile(file)) {
        blobs.recover(found.digest());
      }
    }
    throw damaged(found, "the manifest", file, damage.orElseThrow());
  }

  /**
   * Reads a small file of a version.
   *
   * @throws ProblemException DIGEST_MISMATCH
   */
  byte[] bytes(Resolved found, PackageFile small) {
    requireSound(found, small.path().text(), small.blob());
    return ZooJson.read(paths.blob(found.model().name(), small.blob().digest()));
  }

  private void requireSound(Resolved found, String what, Blob blob) {
    Path file = paths.blob(found.model().name(), blob.digest());
    Optional<String> damage = blob.damage(file);
    if (damage.isPresent()) {
      // Missing is not always gone; and between two looks somebody may have put it back.
      blobs.recover(blob.digest());
      damage = blob.damage(file);
    }
    damage.ifPresent(
        d -> {
          throw damaged(found, what, file, d);
        });
  }

  private static ProblemException damaged(Resolved found, String what, Path file, String damage) {
    return new ProblemException(
        ProblemKind.DIGEST_MISMATCH,
        found.model()
            + ": "
            + what
            + " is damaged: blob "
            + file
            + " "
            + damage
            + "; xrv-zoo verify --repair mends it from another copy, or push the version again from"
            + " its original files; and check the disk");
  }
}
