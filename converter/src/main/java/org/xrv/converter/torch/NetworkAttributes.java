package org.xrv.converter.torch;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a network that was saved whole says of itself beside its tensors: the plain attributes of
 * its outermost module (texts, truth values, lists of texts or of numbers), such as the targets of
 * torchxrayvision's classifiers. Whatever else a network has is left out.
 *
 * @param type the class's full name; empty when only tensors were saved
 * @param values by the attribute's name: String, Boolean, or a list of String or of Double
 */
public record NetworkAttributes(String type, Map<String, Object> values) {
  /** Of a state dict. */
  public static final NetworkAttributes UNKNOWN = new NetworkAttributes("", Map.of());

  private static final int MOST_ATTRIBUTES = 1_000;
  private static final int LONGEST_TEXT = 1_000;
  private static final int MOST_ITEMS = 10_000;

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
    return value instanceof PickleList list && list.items().size() <= MOST_ITEMS
        ? items(list)
        : Optional.empty();
  }

  /** All texts or all numbers. */
  private static Optional<Object> items(PickleList list) {
    List<Object> items = new ArrayList<>();
    for (Object item : list.items()) {
      Object value = item instanceof Long whole ? (Object) whole.doubleValue() : item;
      boolean plain = value instanceof Double || value instanceof String;
      if (!plain
          || value.toString().length() > LONGEST_TEXT
          || (!items.isEmpty() && items.get(0).getClass() != value.getClass())) {
        return Optional.empty();
      }
      items.add(value);
    }
    return Optional.of(Collections.unmodifiableList(items));
  }

  /** A list of texts; empty where the attribute is none. */
  public List<String> texts(String name) {
    return list(name, String.class);
  }

  /** A list of numbers; empty where the attribute is none. */
  public List<Double> numbers(String name) {
    return list(name, Double.class);
  }

  private <T> List<T> list(String name, Class<T> type) {
    return values.get(name) instanceof List<?> list
        ? list.stream().filter(type::isInstance).map(type::cast).toList()
        : List.of();
  }

  /** Whether an attribute is True. */
  public boolean isTrue(String name) {
    return Boolean.TRUE.equals(values.get(name));
  }
}
