package org.xrv.zoo.store;

import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.xrv.zoo.name.ModelName;
import org.xrv.zoo.name.ModelVersion;
import org.xrv.zoo.name.SemanticVersion;

/**
 * What publishers say about versions, as it travels with them: marks and aliases.
 *
 * @param states of marked versions only
 * @param aliases by model, then by alias
 */
public record Statements(
    SortedMap<ModelVersion, VersionState> states,
    SortedMap<ModelName, SortedMap<String, SemanticVersion>> aliases) {
  public Statements {
    SortedMap<ModelVersion, VersionState> marked = new TreeMap<>(states);
    marked.values().removeIf(s -> s.yanked().isEmpty() && s.deprecated().isEmpty());
    states = Collections.unmodifiableSortedMap(marked);
    SortedMap<ModelName, SortedMap<String, SemanticVersion>> named = new TreeMap<>();
    aliases.forEach(
        (name, all) -> {
          if (!all.isEmpty()) {
            named.put(name, Collections.unmodifiableSortedMap(new TreeMap<>(all)));
          }
        });
    aliases = Collections.unmodifiableSortedMap(named);
  }

  /** Nothing is said. */
  public static Statements none() {
    return new Statements(new TreeMap<>(), new TreeMap<>());
  }

  /** What is said about some of the versions. */
  public Statements about(Collection<ModelVersion> versions) {
    SortedMap<ModelVersion, VersionState> someStates = new TreeMap<>(states);
    someStates.keySet().retainAll(versions);
    SortedMap<ModelName, SortedMap<String, SemanticVersion>> someAliases = new TreeMap<>();
    aliases.forEach(
        (name, all) -> {
          SortedMap<String, SemanticVersion> some = new TreeMap<>(all);
          some.values().removeIf(v -> !versions.contains(new ModelVersion(name, v)));
          someAliases.put(name, some);
        });
    return new Statements(someStates, someAliases);
  }

  /** The marks of a version. */
  public VersionState of(ModelVersion model) {
    return states.getOrDefault(model, VersionState.UNMARKED);
  }

  /** The aliases of a model. */
  public Map<String, SemanticVersion> aliases(ModelName name) {
    return aliases.getOrDefault(name, Collections.emptySortedMap());
  }
}
