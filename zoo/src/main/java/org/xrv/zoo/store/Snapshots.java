package org.xrv.zoo.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.xrv.core.io.AtomicFiles;
import org.xrv.zoo.name.Digest;
import org.xrv.zoo.name.ModelVersion;

/** Directories with a model's files under their own names, made of hard links to verified blobs. */
final class Snapshots {
  private final ZooPaths paths;
  private final PartialFiles partial;
  private final Blobs blobs;

  Snapshots(ZooPaths paths, PartialFiles partial, Blobs blobs) {
    this.paths = paths;
    this.partial = partial;
    this.blobs = blobs;
  }

  /**
   * The snapshot of a version, made or made again if need be.
   *
   * @param manifest all of its blobs were just verified
   */
  Path of(ModelVersion model, Digest digest, Manifest manifest) {
    Path directory = paths.snapshot(model, digest);
    try {
      for (int attempt = 0; ; attempt++) {
        if (damage(model, digest, manifest).isEmpty()) {
          return directory;
        }
        try {
          moveAside(directory);
          build(model, manifest, directory);
          return directory;
        } catch (IOException e) {
          // Another program may have built it meanwhile; then the next look finds it.
          if (attempt == 2 || !Files.exists(directory)) {
            throw e;
          }
        }
      }
    } catch (IOException e) {
      throw AtomicFiles.disk(directory, e);
    }
  }

  /**
   * Deletes a snapshot.
   *
   * @return whether there was one
   */
  boolean remove(ModelVersion model, Digest digest) {
    Path directory = paths.snapshot(model, digest);
    try {
      boolean was = Files.exists(directory);
      moveAside(directory);
      return was;
    } catch (IOException e) {
      throw AtomicFiles.disk(directory, e);
    }
  }

  private void moveAside(Path directory) throws IOException {
    if (Files.exists(directory)) {
      Path aside = partial.fresh("removed");
      PartialFiles.createDirectory(aside.getParent());
      try {
        Files.move(directory, aside);
      } catch (NoSuchFileException e) {
        return; // another program was faster
      }
      AtomicFiles.deleteTree(aside);
    }
  }

  private void build(ModelVersion model, Manifest manifest, Path directory) throws IOException {
    Path part = partial.fresh("snapshot");
    try {
      for (PackageFile file : manifest.files()) {
        Path target = file.path().in(part);
        PartialFiles.createDirectory(target.getParent());
        blobs.materialize(model.name(), file.blob(), target);
      }
      PartialFiles.createDirectory(directory.getParent());
      Files.move(part, directory, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
      AtomicFiles.syncDirectory(directory.getParent());
    } finally {
      AtomicFiles.deleteTree(part);
    }
  }

  boolean exists(ModelVersion model, Digest digest) {
    return Files.isDirectory(paths.snapshot(model, digest));
  }

  /**
   * Compares a snapshot with the manifest.
   *
   * @param manifest its blobs were just verified, so links to them are sound
   * @return what is wrong, if something is
   */
  Optional<String> damage(ModelVersion model, Digest digest, Manifest manifest) throws IOException {
    Path directory = paths.snapshot(model, digest);
    if (!Files.isDirectory(directory)) {
      return Optional.of(directory + " does not exist");
    }
    for (PackageFile file : manifest.files()) {
      Path own = file.path().in(directory);
      if (!Blobs.isSame(own, paths.blob(model.name(), file.blob().digest()))) {
        Optional<String> damage = file.blob().damage(own);
        if (damage.isPresent()) {
          return Optional.of(own + " " + damage.get());
        }
      }
    }
    Set<Path> expected =
        manifest.files().stream().map(f -> f.path().in(directory)).collect(Collectors.toSet());
    try (Stream<Path> files = Files.walk(directory)) {
      return files
          .filter(f -> !Files.isDirectory(f) && !expected.contains(f))
          .findFirst()
          .map(f -> f + " does not belong to the model");
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }
}
