package org.xrv.explainer.model;

import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Which model this was, for the record of an explanation.
 *
 * @param name as in the zoo, or the directory or file that was given
 * @param version in the zoo; empty when it has none
 * @param sha256 digests of its network files by file name
 */
public record ModelFacts(String name, String version, Map<String, String> sha256) {
  public ModelFacts {
    Objects.requireNonNull(name);
    Objects.requireNonNull(version);
    sha256 = Collections.unmodifiableMap(new TreeMap<>(sha256));
  }

  /** Name and version in one word. */
  public String label() {
    return version.isEmpty() ? name : name + ":" + version;
  }
}
