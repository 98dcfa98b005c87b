package org.xrv.zoo.store;

import java.util.List;
import java.util.Objects;
import org.xrv.zoo.name.ModelVersion;

/**
 * A version of a zoo with all that it consists of.
 *
 * @param blobs the configuration and the files, without the manifest
 */
public record StoredVersion(ModelVersion model, Blob manifest, List<Blob> blobs) {
  public StoredVersion {
    Objects.requireNonNull(model);
    Objects.requireNonNull(manifest);
    blobs = List.copyOf(blobs);
  }

  public IndexEntry entry() {
    return new IndexEntry(model, manifest);
  }
}
