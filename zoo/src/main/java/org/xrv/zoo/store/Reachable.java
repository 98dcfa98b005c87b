package org.xrv.zoo.store;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.xrv.zoo.name.Digest;
import org.xrv.zoo.name.ModelName;

/**
 * What the references of a zoo reach.
 *
 * @param layouts the blobs of each model's versions
 * @param all of all models
 * @param pinned what is about to be published, wherever
 */
record Reachable(Map<ModelName, Set<Digest>> layouts, Set<Digest> all, Set<Digest> pinned) {
  Reachable {
    layouts = Map.copyOf(layouts);
    all = Set.copyOf(all);
    pinned = Set.copyOf(pinned);
  }

  static Reachable of(Map<ModelName, Set<Digest>> layouts, Set<Digest> pinned) {
    Map<ModelName, Set<Digest>> copied = new HashMap<>();
    Set<Digest> all = new HashSet<>();
    layouts.forEach(
        (name, digests) -> {
          copied.put(name, Set.copyOf(digests));
          all.addAll(digests);
        });
    return new Reachable(copied, all, pinned);
  }

  /** Whether a version needs a blob at a place. */
  boolean reaches(Optional<ModelName> model, Digest digest) {
    return model.map(m -> layouts.getOrDefault(m, Set.of())).orElse(all).contains(digest);
  }

  boolean isPinned(Digest digest) {
    return pinned.contains(digest);
  }
}
