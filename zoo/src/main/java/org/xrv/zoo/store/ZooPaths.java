package org.xrv.zoo.store;

import java.nio.file.Path;
import org.xrv.zoo.name.Digest;
import org.xrv.zoo.name.ModelName;
import org.xrv.zoo.name.ModelVersion;
import org.xrv.zoo.name.SemanticVersion;
import org.xrv.zoo.name.Tag;

/**
 * Where everything lies under a zoo's root. Names of models begin with a letter or digit, so what
 * begins with '_' is never a namespace.
 */
record ZooPaths(Path root) {
  /** How the names of files end that say of a version that it was removed. */
  static final String REMOVED = ".removed";

  ZooPaths {
    root = root.toAbsolutePath().normalize();
  }

  /** The OCI image layout of a model. */
  Path layout(ModelName name) {
    return root.resolve(name.namespace()).resolve(name.name());
  }

  Path index(ModelName name) {
    return layout(name).resolve("index.json");
  }

  Path marker(ModelName name) {
    return layout(name).resolve("oci-layout");
  }

  Path blobs(ModelName name) {
    return layout(name).resolve("blobs").resolve("sha256");
  }

  Path blob(ModelName name, Digest digest) {
    return blobs(name).resolve(digest.hex());
  }

  Path pool() {
    return root.resolve("_blobs").resolve("sha256");
  }

  Path pooled(Digest digest) {
    return pool().resolve(digest.hex());
  }

  Path versions(ModelName name) {
    return layout(name).resolve("_refs").resolve("versions");
  }

  Path ref(ModelName name, SemanticVersion version) {
    return versions(name).resolve(version.toString());
  }

  /** Where marks of versions (yanked, deprecated) are kept. */
  Path states(ModelName name) {
    return layout(name).resolve("_refs").resolve("state");
  }

  Path mark(ModelVersion model, Mark mark) {
    return states(model.name()).resolve(model.version() + "." + mark + ".json");
  }

  /** Says that a mark was taken away here: a bundle does not bring it back. */
  Path cleared(ModelVersion model, Mark mark) {
    return states(model.name()).resolve(model.version() + "." + mark + ".cleared");
  }

  /** Says that an alias was removed here. */
  Path cleared(ModelName name, Tag.Alias alias) {
    return aliases(name).resolve(alias.alias() + ".cleared");
  }

  Path aliases(ModelName name) {
    return layout(name).resolve("_refs").resolve("aliases");
  }

  Path alias(ModelName name, Tag.Alias alias) {
    return aliases(name).resolve(alias.alias());
  }

  Path log(ModelName name) {
    return layout(name).resolve("_refs").resolve("log");
  }

  /** Says that a version was removed here; its name stays bound to its digest. */
  Path removed(ModelVersion model) {
    return states(model.name()).resolve(model.version() + REMOVED);
  }

  Path partial() {
    return root.resolve("_partial");
  }

  /** What programs are about to publish: one file each, with digests. */
  Path pins() {
    return root.resolve("_pins");
  }

  /** Blobs that a garbage collection moved aside and is about to delete. */
  Path quarantine() {
    return root.resolve("_gc");
  }

  Path snapshots() {
    return root.resolve("_snapshots");
  }

  /** With the namespace: one namespace's model must never be taken for another's. */
  Path snapshot(ModelVersion model, Digest digest) {
    return snapshots()
        .resolve(model.name().namespace())
        .resolve(model.name().name())
        .resolve(model.version() + "-" + digest.abbreviated());
  }

  /** How the files of a snapshot were when they were last compared with their digests. */
  Path receipt(ModelVersion model, Digest digest) {
    return root.resolve("_verified")
        .resolve(model.name().namespace())
        .resolve(model.name().name())
        .resolve(model.version() + "-" + digest.abbreviated());
  }

  /** The zoos that copies of what other machines have are kept in, one for each of these. */
  Path remotes() {
    return root.resolve("_remotes");
  }
}
