package org.xrv.zoo.store;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.modelpackage.ModelPackage;
import org.xrv.core.modelpackage.PackageParity;
import org.xrv.zoo.name.Digest;
import org.xrv.zoo.name.ModelName;
import org.xrv.zoo.name.ModelVersion;

/**
 * Takes over versions that were published elsewhere. All blobs of all versions are here, verified,
 * before the first version gets its name: a source with one wrong byte publishes nothing.
 */
final class Adoption {
  private static final int ATTEMPTS = 3;

  private final ZooPaths paths;
  private final Blobs blobs;
  private final VersionRefs refs;
  private final IndexFile index;
  private final EventLog log;
  private final Admission admission;
  private final Pins pins;

  Adoption(
      ZooPaths paths,
      Blobs blobs,
      VersionRefs refs,
      IndexFile index,
      EventLog log,
      Admission admission,
      Pins pins) {
    this.paths = paths;
    this.blobs = blobs;
    this.refs = refs;
    this.index = index;
    this.log = log;
    this.admission = admission;
    this.pins = pins;
  }

  private record Candidate(IndexEntry entry, Manifest manifest) {
    ModelVersion model() {
      return entry.model();
    }

    Stream<Blob> blobs() {
      return Stream.concat(
          Stream.of(entry.manifest(), manifest.config()),
          manifest.files().stream().map(PackageFile::blob));
    }
  }

  List<Published> adopt(List<IndexEntry> entries, BlobSource source) {
    entries.forEach(e -> refs.requireSame(e.model(), e.manifest().digest()));
    List<Candidate> candidates = new ArrayList<>();
    for (IndexEntry entry : entries) {
      candidates.add(new Candidate(entry, manifest(entry, source)));
    }
    List<Published> published = new ArrayList<>();
    List<Digest> needed =
        candidates.stream().flatMap(Candidate::blobs).map(Blob::digest).distinct().toList();
    try (Pins.Pin pin = pins.pin(needed)) {
      requireComplete(candidates, source);
      candidates.forEach(c -> requireAdmitted(c, source));
      FreeSpace.require(
          paths.root(),
          blobs.lacking(candidates.stream().flatMap(Candidate::blobs).toList()),
          "taking " + candidates.size() + " versions from " + source.title());
      for (Candidate candidate : candidates) {
        stage(candidate, source, pin);
      }
      candidates.forEach(c -> putMissing(c, source));
      for (Candidate candidate : candidates) {
        boolean isNew = refs.publish(candidate.model(), candidate.entry().manifest().digest());
        if (isNew) {
          log.published(candidate.model(), candidate.entry().manifest().digest());
        }
        published.add(
            new Published(candidate.model(), candidate.entry().manifest().digest(), isNew));
      }
      candidates.forEach(c -> putMissing(c, source));
    }
    Set<ModelName> names = new LinkedHashSet<>();
    candidates.forEach(c -> names.add(c.model().name()));
    names.forEach(index::rebuild);
    return published;
  }

  private static Manifest manifest(IndexEntry entry, BlobSource source) {
    String where = source.title() + ": the manifest of " + entry.model();
    if (entry.manifest().size() > ZooJson.MAX_BYTES) {
      throw new ProblemException(
          ProblemKind.BAD_DATA,
          where + " is larger than the " + ZooJson.MAX_BYTES + " bytes allowed");
    }
    try (VerifiedStream in = VerifiedStream.open(source, entry.manifest())) {
      return Manifest.parse(in.readAllBytes(), where);
    } catch (IOException e) {
      throw new ProblemException(
          ProblemKind.BAD_DATA, "cannot read " + where + ": " + e.getMessage(), e);
    }
  }

  /** A delta leaves out what the receiver has; here it shows whether it has. */
  private void requireComplete(List<Candidate> candidates, BlobSource source) {
    Set<Blob> lacking = new LinkedHashSet<>();
    for (Candidate candidate : candidates) {
      candidate
          .blobs()
          .filter(b -> !source.has(b.digest()))
          .filter(b -> !lacking.contains(b) && isLacking(b))
          .forEach(lacking::add);
    }
    if (!lacking.isEmpty()) {
      throw new ProblemException(
          ProblemKind.NOT_FOUND,
          source.title()
              + " lacks "
              + lacking.size()
              + " blobs that the zoo "
              + paths.root()
              + " does not have either, the first of them "
              + lacking.iterator().next().digest()
              + "; if it is a delta, import first what it was made --since, else copy it again");
    }
  }

  /** Before the large files are copied. What is here already was admitted before. */
  private void requireAdmitted(Candidate candidate, BlobSource source) {
    ModelVersion model = candidate.model();
    if (refs.all(model.name()).containsKey(model.version())) {
      return;
    }
    admission.require(
        new Arrival(
            model,
            candidate.entry().manifest().digest(),
            candidate.manifest().files(),
            BlobSource.either(source, new ZooBlobs(paths, refs))));
  }

  private boolean isLacking(Blob blob) {
    return blob.damage(paths.pooled(blob.digest())).isPresent()
        && (!blobs.recover(blob.digest()) || blob.damage(paths.pooled(blob.digest())).isPresent());
  }

  private void stage(Candidate candidate, BlobSource source, Pins.Pin pin) {
    candidate
        .blobs()
        .forEach(
            b -> {
              put(candidate, b, source);
              pin.renew();
            });
    for (int attempt = 1; ; attempt++) {
      try {
        requireModel(candidate, source);
        return;
      } catch (ProblemException e) {
        // A collection of garbage that began before ours were pinned may move them aside.
        if (attempt == ATTEMPTS) {
          throw e;
        }
        putMissing(candidate, source);
      }
    }
  }

  private void put(Candidate candidate, Blob blob, BlobSource source) {
    blobs.add(
        candidate.model().name(), blob, () -> VerifiedStream.open(source, blob), source.title());
  }

  private void putMissing(Candidate candidate, BlobSource source) {
    candidate
        .blobs()
        .filter(b -> !blobs.isHere(candidate.model().name(), b))
        .forEach(b -> put(candidate, b, source));
  }

  private void requireModel(Candidate candidate, BlobSource source) {
    ModelVersion model = candidate.model();
    String where = source.title() + ": " + model + ": " + PackageIdentity.FILE;
    PackageFile description = candidate.manifest().description();
    PackageIdentity.parse(
            ZooJson.read(paths.blob(model.name(), description.blob().digest())), where)
        .requireIs(model, where);
    if (!refs.all(model.name()).containsKey(model.version())) { // what is there may be repaired
      requireProven(candidate, source);
    }
  }

  private void requireProven(Candidate candidate, BlobSource source) {
    Map<String, String> digests = new HashMap<>();
    for (PackageFile file : candidate.manifest().files()) {
      digests.put(file.path().text(), file.blob().digest().toString());
    }
    // Its place in the zoo is in nobody's way, and no parity.json means the file is never read.
    java.nio.file.Path parity =
        candidate.manifest().files().stream()
            .filter(f -> f.path().text().equals(ModelPackage.PARITY))
            .map(f -> paths.blob(candidate.model().name(), f.blob().digest()))
            .findFirst()
            .orElse(paths.root());
    try {
      PackageParity.require("the package", parity, digests);
    } catch (ProblemException e) {
      throw new ProblemException(
          e.kind(), source.title() + ": " + candidate.model() + ": " + e.getMessage(), e);
    }
  }
}
