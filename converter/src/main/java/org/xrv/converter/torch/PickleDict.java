package org.xrv.converter.torch;

import java.util.ArrayList;
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

  void put(Object key, Object value) {
    keys.add(key);
    values.add(value);
  }

  /** The value of a text. */
  Optional<Object> get(String key) {
    for (int i = keys.size() - 1; i >= 0; i--) {
      if (key.equals(keys.get(i))) {
        return Optional.of(values.get(i));
      }
    }
    return Optional.empty();
  }

  /** The entries whose keys are texts. */
  Map<String, Object> texts() {
    Map<String, Object> texts = new LinkedHashMap<>();
    for (int i = 0; i < keys.size(); i++) {
      if (keys.get(i) instanceof String text) {
        texts.put(text, values.get(i));
      }
    }
    return texts;
  }

  int size() {
    return keys.size();
  }
}
