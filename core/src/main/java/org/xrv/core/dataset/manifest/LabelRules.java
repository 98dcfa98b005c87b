package org.xrv.core.dataset.manifest;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How a table's cell names findings: those listed are present, all other targets absent.
 *
 * @param separator between findings
 * @param none what stands for "all absent"
 * @param targets every finding that the set knows
 * @param spellings other spellings, to targets
 */
public record LabelRules(
    String separator, String none, List<String> targets, Map<String, String> spellings) {
  public LabelRules {
    if (separator == null || separator.isEmpty()) {
      throw DataManifest.problem("labels.separator", "is missing");
    }
    DataManifest.requireText("labels.none", none);
    targets = DataManifest.requireSome("labels.targets", targets);
    spellings =
        java.util.Collections.unmodifiableMap(
            spellings == null ? new TreeMap<>() : new TreeMap<>(spellings));
    for (var spelling : spellings.entrySet()) {
      if (!targets.contains(spelling.getValue())) {
        throw DataManifest.problem(
            "labels.spellings",
            "leads \"" + spelling.getKey() + "\" to \"" + spelling.getValue() + "\", no target");
      }
    }
  }

  /** The target that a word names; empty when it names none. */
  public Optional<String> target(String word) {
    String name = spellings.getOrDefault(word, word);
    return targets.contains(name) ? Optional.of(name) : Optional.empty();
  }
}
