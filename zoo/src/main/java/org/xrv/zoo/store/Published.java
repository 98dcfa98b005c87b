package org.xrv.zoo.store;

import java.util.Objects;
import org.xrv.zoo.name.Digest;
import org.xrv.zoo.name.ModelVersion;

/**
 * What a push did.
 *
 * @param digest of the manifest
 * @param isNew false when the version existed already with the same files
 */
public record Published(ModelVersion model, Digest digest, boolean isNew) {
  public Published {
    Objects.requireNonNull(model);
    Objects.requireNonNull(digest);
  }
}
