package org.xrv.zoo.store;

import java.util.Collections;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.xrv.zoo.name.Digest;
import org.xrv.zoo.name.ModelName;
import org.xrv.zoo.name.SemanticVersion;

/**
 * A model and its versions.
 *
 * @param versions in rising order, with the digests of their manifests
 */
public record ModelVersions(ModelName name, SortedMap<SemanticVersion, Digest> versions) {
  public ModelVersions {
    Objects.requireNonNull(name);
    versions = Collections.unmodifiableSortedMap(new TreeMap<>(versions));
  }
}
