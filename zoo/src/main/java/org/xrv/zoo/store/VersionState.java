package org.xrv.zoo.store;

import java.util.Objects;
import java.util.Optional;

/**
 * What a version is marked with.
 *
 * @param yanked why it was withdrawn, if it was
 * @param deprecated what to use instead, or why, if it is deprecated
 */
public record VersionState(Optional<String> yanked, Optional<String> deprecated) {
  public VersionState {
    Objects.requireNonNull(yanked);
    Objects.requireNonNull(deprecated);
  }
}
