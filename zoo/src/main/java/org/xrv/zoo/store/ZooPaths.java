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

  Path blob(ModelName name, Digest digest) {
    return layout(name).resolve("blobs").resolve("sha256").resolve(digest.hex());
  }

  Path pooled(Digest digest) {
    return root.resolve("_blobs").resolve("sha256").resolve(digest.hex());
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

  Path aliases(ModelName name) {
    return layout(name).resolve("_refs").resolve("aliases");
  }

  Path alias(ModelName name, Tag.Alias alias) {
    return aliases(name).resolve(alias.alias());
  }

  Path log(ModelName name) {
    return layout(name).resolve("_refs").resolve("log");
  }

  Path partial() {
    return root.resolve("_partial");
  }

  /** With the namespace: one namespace's model must never be taken for another's. */
  Path snapshot(ModelVersion model, Digest digest) {
    return root.resolve("_snapshots")
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
