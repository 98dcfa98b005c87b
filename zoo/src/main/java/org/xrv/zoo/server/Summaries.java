package org.xrv.zoo.server;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.xrv.core.error.ProblemException;
import org.xrv.zoo.name.Digest;
import org.xrv.zoo.name.ModelName;
import org.xrv.zoo.name.ModelReference;
import org.xrv.zoo.name.ModelVersion;
import org.xrv.zoo.name.SemanticVersion;
import org.xrv.zoo.name.Tag;
import org.xrv.zoo.store.LocalZoo;
import org.xrv.zoo.store.ModelVersions;

/** Summaries of versions, which never change, so the ones asked for last are kept. */
final class Summaries {
  private static final int KEPT = 2000;

  private static final long SECOND = 1_000_000_000L;

  private record Restriction(long nanos, boolean restricted) {}

  private record Key(ModelVersion model, Digest digest) {}

  private final LocalZoo zoo;
  private final Map<ModelName, Restriction> restrictions = new ConcurrentHashMap<>();
  private final Map<Key, Summary> known =
      Collections.synchronizedMap(
          new LinkedHashMap<>(64, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<Key, Summary> eldest) {
              return size() > KEPT;
            }
          });

  Summaries(LocalZoo zoo) {
    this.zoo = zoo;
  }

  /**
   * What a version holds.
   *
   * @throws ProblemException DIGEST_MISMATCH when it is damaged
   */
  Summary of(ModelVersion model, Digest digest) {
    Key key = new Key(model, digest);
    Summary found = known.get(key);
    if (found == null) {
      found =
          Summary.of(
              zoo.show(
                  new ModelReference(
                      model.name(), new Tag.Exact(model.version()), true, Optional.of(digest))));
      known.put(key, found);
    }
    return found;
  }

  /** Whether any version of a model may not be given to just anybody; a second old at most. */
  boolean isRestricted(ModelName name) {
    long now = System.nanoTime();
    Restriction last = restrictions.get(name);
    if (last != null && now - last.nanos < SECOND) {
      return last.restricted;
    }
    boolean restricted = anyRestricted(name);
    if (restrictions.size() > KEPT) {
      restrictions.clear();
    }
    restrictions.put(name, new Restriction(now, restricted));
    return restricted;
  }

  private boolean anyRestricted(ModelName name) {
    ModelVersions versions;
    try {
      versions = zoo.versions(name);
    } catch (ProblemException e) {
      return false; // there is nothing to give
    }
    for (Map.Entry<SemanticVersion, Digest> version : versions.versions().entrySet()) {
      try {
        if (of(new ModelVersion(name, version.getKey()), version.getValue()).restricted()) {
          return true;
        }
      } catch (ProblemException e) {
        return true; // nobody knows what the damaged description said
      }
    }
    return false;
  }
}
