package org.xrv.zoo.store;

import java.util.Objects;
import org.xrv.zoo.name.ModelVersion;

/**
 * Something of a version that was damaged and is whole again.
 *
 * @param what a file of the model, its manifest, its snapshot
 * @param from where intact bytes were found
 */
public record Mended(ModelVersion model, String what, String from) {
  public Mended {
    Objects.requireNonNull(model);
    Objects.requireNonNull(what);
    Objects.requireNonNull(from);
  }
}
