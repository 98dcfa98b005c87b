package org.xrv.zoo.store;

import java.util.List;
import java.util.Objects;
import org.xrv.zoo.name.Digest;
import org.xrv.zoo.name.ModelVersion;

/**
 * What a version holds.
 *
 * @param digest of the manifest
 * @param files in the order of their paths
 * @param description the text of {@code xrv-model.json}
 */
public record ModelDetails(
    ModelVersion model, Digest digest, List<PackageFile> files, String description) {
  public ModelDetails {
    Objects.requireNonNull(model);
    Objects.requireNonNull(digest);
    Objects.requireNonNull(description);
    files = List.copyOf(files);
  }

  /** Of all files together, in bytes. */
  public long size() {
    return files.stream().mapToLong(f -> f.blob().size()).sum();
  }
}
