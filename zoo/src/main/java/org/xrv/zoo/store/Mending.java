package org.xrv.zoo.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.io.AtomicFiles;
import org.xrv.zoo.name.Digest;
import org.xrv.zoo.name.ModelName;
import org.xrv.zoo.name.ModelVersion;

/**
 * Puts intact bytes in the place of damaged ones: from another copy within the zoo, else from other
 * sources, of which only what is damaged is read.
 */
final class Mending {
  private final ZooPaths paths;
  private final VersionRefs refs;
  private final Blobs blobs;
  private final Snapshots snapshots;

  Mending(ZooPaths paths, VersionRefs refs, Blobs blobs, Snapshots snapshots) {
    this.paths = paths;
    this.refs = refs;
    this.blobs = blobs;
    this.snapshots = snapshots;
  }

  /**
   * Mends a version as far as there are intact bytes; what is still wrong the next verification
   * tells.
   */
  List<Mended> mend(Resolved version, List<BlobSource> sources) {
    ModelVersion model = version.model();
    List<Mended> mended = new ArrayList<>();
    Optional<Blob> manifestBlob = manifest(version, sources);
    if (manifestBlob.isEmpty()) {
      return mended;
    }
    blob(version, "the manifest", manifestBlob.get(), List.of(), sources, mended);
    Path file = paths.blob(model.name(), version.digest());
    if (manifestBlob.get().damage(file).isPresent()) {
      return mended;
    }
    Manifest manifest = Manifest.parse(ZooJson.read(file), model + ": the manifest");
    blob(version, "the configuration", manifest.config(), List.of(), sources, mended);
    Path snapshot = paths.snapshot(model, version.digest());
    for (PackageFile one : manifest.files()) {
      List<Path> copies = List.of(one.path().in(snapshot));
      blob(version, one.path().text(), one.blob(), copies, sources, mended);
    }
    snapshot(version, manifest, mended);
    return mended;
  }

  private void snapshot(Resolved version, Manifest manifest, List<Mended> mended) {
    ModelVersion model = version.model();
    try {
      boolean sound =
          manifest.files().stream()
              .noneMatch(
                  f -> f.blob().damage(paths.blob(model.name(), f.blob().digest())).isPresent());
      if (sound
          && snapshots.exists(model, version.digest())
          && snapshots.damage(model, version.digest(), manifest).isPresent()) {
        Path directory = snapshots.of(model, version.digest(), manifest);
        mended.add(new Mended(model, directory.toString(), "the blobs"));
      }
    } catch (IOException e) {
      throw AtomicFiles.disk(paths.root(), e);
    }
  }

  private void blob(
      Resolved version,
      String what,
      Blob blob,
      List<Path> copies,
      List<BlobSource> sources,
      List<Mended> mended) {
    ModelName name = version.model().name();
    Path own = paths.blob(name, blob.digest());
    Path pooled = paths.pooled(blob.digest());
    try {
      if (blob.damage(own).isEmpty()
          && (Blobs.isSame(own, pooled) || blob.damage(pooled).isEmpty())) {
        return;
      }
    } catch (IOException e) {
      throw AtomicFiles.disk(own, e);
    }
    blobs.recover(blob.digest());
    List<Path> here = new ArrayList<>(List.of(own, pooled));
    refs.layouts().forEach(other -> here.add(paths.blob(other, blob.digest())));
    here.addAll(copies);
    Optional<Path> intact = here.stream().filter(p -> blob.damage(p).isEmpty()).findFirst();
    if (intact.isPresent()) {
      blobs.mend(name, blob, intact.get());
      String from = paths.root().relativize(intact.get()).toString();
      mended.add(new Mended(version.model(), what, from));
      return;
    }
    for (BlobSource source : sources) {
      if (source.has(blob.digest())) {
        try {
          blobs.add(name, blob, () -> VerifiedStream.open(source, blob), source.title());
          mended.add(new Mended(version.model(), what, source.title()));
          return;
        } catch (ProblemException e) {
          if (e.kind() == ProblemKind.DISK) {
            throw e;
          }
          // This source is damaged too, or cannot be reached; another may have it.
        }
      }
    }
  }

  /** The manifest with its size, which nothing but an intact copy tells. */
  private Optional<Blob> manifest(Resolved version, List<BlobSource> sources) {
    Digest digest = version.digest();
    blobs.recover(digest);
    List<Path> here = new ArrayList<>(List.of(paths.pooled(digest)));
    refs.layouts().forEach(name -> here.add(paths.blob(name, digest)));
    for (Path path : here) {
      if (Files.isRegularFile(path)) {
        try {
          byte[] bytes = ZooJson.read(path);
          if (Digest.of(bytes).equals(digest)) {
            return Optional.of(new Blob(digest, bytes.length));
          }
        } catch (ProblemException e) {
          // The next one, then.
        }
      }
    }
    for (BlobSource source : sources) {
      try (InputStream in = source.open(digest).orElse(InputStream.nullInputStream())) {
        byte[] bytes = in.readNBytes(ZooJson.MAX_BYTES);
        if (Digest.of(bytes).equals(digest)) {
          return Optional.of(new Blob(digest, bytes.length));
        }
      } catch (IOException | ProblemException e) {
        // As above.
      }
    }
    return Optional.empty();
  }
}
