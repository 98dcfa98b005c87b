package org.xrv.zoo.store;

import java.nio.file.Path;
import java.util.Objects;
import org.xrv.zoo.name.Digest;
import org.xrv.zoo.name.ModelVersion;

/**
 * What a pull hands out.
 *
 * @param digest of the manifest
 * @param directory holds the model's files, read-only; everybody who pulls this version gets the
 *     same directory
 */
public record Snapshot(ModelVersion model, Digest digest, Path directory) {
  public Snapshot {
    Objects.requireNonNull(model);
    Objects.requireNonNull(digest);
    Objects.requireNonNull(directory);
  }
}
