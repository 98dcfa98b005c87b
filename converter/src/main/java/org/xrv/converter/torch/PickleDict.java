package org.xrv.converter.torch;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A Python dict in its order. Its keys may be anything, also what contains the dict itself, so that
 * they are never compared; only texts are looked up.
 */
final class PickleDict {
  private final List<Object> keys = new ArrayList<>(0);
  private final List<Object> values = new ArrayList<>(0);

  /** Made when first needed: most dicts are never asked. */
  private Map<String, Object> texts;

  void put(Object key, Object value) {
    keys.add(key);
    values.add(value);
    texts = null;
  }

  /** The value of a text. */
  Optional<Object> get(String key) {
    return Optional.ofNullable(texts().get(key));
  }

  /** The entries whose keys are texts; of equal keys the last. */
  Map<String, Object> texts() {
    if (texts == null) {
      Map<String, Object> found = new LinkedHashMap<>();
      for (int i = 0; i < keys.size(); i++) {
        if (keys.get(i) instanceof String text) {
          found.put(text, values.get(i));
        }
      }
      texts = Collections.unmodifiableMap(found);
    }
    return texts;
  }

  int size() {
    return keys.size();
  }
}
