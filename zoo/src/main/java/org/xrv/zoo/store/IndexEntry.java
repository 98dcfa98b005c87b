package org.xrv.zoo.store;

import java.util.Objects;
import org.xrv.zoo.name.ModelVersion;

/** An entry of an index: a version and its manifest. */
public record IndexEntry(ModelVersion model, Blob manifest) {
  public IndexEntry {
    Objects.requireNonNull(model);
    Objects.requireNonNull(manifest);
  }
}
