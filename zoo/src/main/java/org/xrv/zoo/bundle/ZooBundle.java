package org.xrv.zoo.bundle;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.zoo.name.Digest;
import org.xrv.zoo.name.ModelReference;
import org.xrv.zoo.name.ModelVersion;
import org.xrv.zoo.name.SemanticVersion;
import org.xrv.zoo.store.Blob;
import org.xrv.zoo.store.BlobSource;
import org.xrv.zoo.store.IndexEntry;
import org.xrv.zoo.store.LocalZoo;
import org.xrv.zoo.store.ModelVersions;
import org.xrv.zoo.store.Statements;
import org.xrv.zoo.store.StoredVersion;

/** A copy of a zoo, such as one on a USB stick; it is only read. */
final class ZooBundle implements Bundle {
  private final Path root;
  private final BlobSource blobs;
  private final List<StoredVersion> stored;
  private final Statements statements;

  private ZooBundle(
      Path root, BlobSource blobs, List<StoredVersion> stored, Statements statements) {
    this.root = root;
    this.blobs = blobs;
    this.stored = List.copyOf(stored);
    this.statements = statements;
  }

  static ZooBundle read(Path root) {
    LocalZoo zoo = new LocalZoo(root);
    List<StoredVersion> stored = new ArrayList<>();
    for (ModelVersions model : zoo.list()) {
      for (SemanticVersion version : model.versions().keySet()) {
        stored.add(zoo.stored(ModelReference.of(new ModelVersion(model.name(), version))));
      }
    }
    if (stored.isEmpty()) {
      throw new ProblemException(
          ProblemKind.BAD_DATA,
          root + " is neither an exported bundle nor a copy of a zoo; name one of these");
    }
    return new ZooBundle(
        root,
        zoo.blobs(),
        stored,
        zoo.statements(stored.stream().map(StoredVersion::model).toList()));
  }

  @Override
  public List<IndexEntry> versions() {
    return stored.stream().map(StoredVersion::entry).toList();
  }

  @Override
  public Statements statements() {
    return statements;
  }

  @Override
  public Set<Digest> digests() {
    Set<Digest> digests = new HashSet<>();
    for (StoredVersion version : stored) {
      digests.add(version.manifest().digest());
      version.blobs().stream().map(Blob::digest).filter(this::has).forEach(digests::add);
    }
    return digests;
  }

  @Override
  public boolean has(Digest digest) {
    return blobs.has(digest);
  }

  @Override
  public Optional<InputStream> open(Digest digest) throws IOException {
    return blobs.open(digest);
  }

  @Override
  public String title() {
    return root.toString();
  }

  @Override
  public void close() {}
}
