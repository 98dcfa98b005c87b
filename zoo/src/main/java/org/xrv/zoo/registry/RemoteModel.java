package org.xrv.zoo.registry;

import java.util.List;
import java.util.Objects;
import org.xrv.zoo.name.ModelName;
import org.xrv.zoo.name.SemanticVersion;

/**
 * A model of a registry.
 *
 * @param versions in rising order
 * @param aliases its tags that are none, and may be aliases
 */
public record RemoteModel(ModelName name, List<SemanticVersion> versions, List<String> aliases) {
  public RemoteModel {
    Objects.requireNonNull(name);
    versions = versions.stream().sorted().toList();
    aliases = aliases.stream().sorted().toList();
  }
}
