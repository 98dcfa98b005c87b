package org.xrv.zoo.store;

import java.util.Objects;
import org.xrv.zoo.name.Digest;
import org.xrv.zoo.name.ModelVersion;

/**
 * What a reference means in one zoo.
 *
 * @param digest of the manifest
 */
public record Resolved(ModelVersion model, Digest digest) {
  public Resolved {
    Objects.requireNonNull(model);
    Objects.requireNonNull(digest);
  }
}
