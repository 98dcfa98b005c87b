package org.xrv.zoo.registry;

import java.util.Objects;
import org.xrv.zoo.store.Resolved;
import org.xrv.zoo.store.VersionState;

/**
 * What a reference means in a registry.
 *
 * @param state its marks, where the registry is a zoo of ours
 */
public record RemoteVersion(Resolved resolved, VersionState state) {
  public RemoteVersion {
    Objects.requireNonNull(resolved);
    Objects.requireNonNull(state);
  }
}
