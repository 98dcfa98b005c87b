package org.xrv.converter.torch;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a network that was saved whole says of itself beside its tensors: the plain attributes of its
 * outermost module (texts, truth values, lists of texts), such as the targets of torchxrayvision's
 * classifiers. Whatever else a network has is left out.
 *
 * @param type the class's full name; empty when only tensors were saved
 * @param values by the attribute's name: String, Boolean, or a list of String
 */
public record NetworkAttributes(String type, Map<String, Object> values) {
  /** Of a state dict. */
  public static final NetworkAttributes UNKNOWN = new NetworkAttributes("", Map.of());

  private static final int MOST_ATTRIBUTES = 1_000;
  private static final int LONGEST_TEXT = 1_000;
  private static final int MOST_TEXTS = 10_000;

  public NetworkAttributes {
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }

  static NetworkAttributes of(PickleObject network) {
    Map<String, Object> values = new LinkedHashMap<>();
    network
        .attributes()
        .map(PickleDict::texts)
        .orElse(Map.of())
        .forEach(
            (name, value) -> {
              if (values.size() < MOST_ATTRIBUTES && name.length() <= LONGEST_TEXT) {
                plain(value).ifPresent(v -> values.put(name, v));
              }
            });
    return new NetworkAttributes(network.type().toString(), values);
  }

  private static Optional<Object> plain(Object value) {
    if (value instanceof Boolean || value instanceof String) {
      return value.toString().length() > LONGEST_TEXT ? Optional.empty() : Optional.of(value);
    }
    return value instanceof PickleList list
        ? texts(list).map(t -> (Object) Collections.unmodifiableList(t))
        : Optional.empty();
  }

  private static Optional<List<String>> texts(PickleList list) {
    List<String> texts = new ArrayList<>();
    for (Object item : list.items()) {
      if (!(item instanceof String text)
          || text.length() > LONGEST_TEXT
          || texts.size() == MOST_TEXTS) {
        return Optional.empty();
      }
      texts.add(text);
    }
    return Optional.of(texts);
  }

  /** A list of texts, if the attribute is one and has any. */
  public List<String> texts(String name) {
    return values.get(name) instanceof List<?> list
        ? list.stream().map(String.class::cast).toList()
        : List.of();
  }

  /** Whether an attribute is True. */
  public boolean isTrue(String name) {
    return Boolean.TRUE.equals(values.get(name));
  }
}
