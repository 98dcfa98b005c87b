package org.xrv.zoo.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.xrv.zoo.name.ModelVersion;

/**
 * What a version is marked with.
 *
 * @param yanked why it was withdrawn, if it was
 * @param deprecated what to use instead, or why, if it is deprecated
 */
public record VersionState(Optional<String> yanked, Optional<String> deprecated) {
  /** Without marks. */
  static final VersionState UNMARKED = new VersionState(Optional.empty(), Optional.empty());

  public VersionState {
    Objects.requireNonNull(yanked);
    Objects.requireNonNull(deprecated);
  }

  /** What people should know who get a version, one sentence each. */
  public List<String> warnings(ModelVersion model) {
    List<String> warnings = new ArrayList<>();
    yanked.ifPresent(reason -> warnings.add(model + " is yanked: " + reason));
    deprecated.ifPresent(message -> warnings.add(model + " is deprecated: " + message));
    return warnings;
  }

  /** The message of a mark, if there is that mark. */
  public Optional<String> of(Mark mark) {
    return mark == Mark.YANKED ? yanked : deprecated;
  }
}
