package org.xrv.core.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.xrv.core.error.Suggestions;

/**
 * Looks for keys that no record component has, before any record is made: the complaint about the
 * key that is missing would otherwise come first and hide the misspelling that caused it.
 */
final class RecordKeys {
  private RecordKeys() {}

  /** What is wrong, naming the first unknown key; empty when all are known. */
  static Optional<String> unknown(JsonNode tree, Type type) {
    return unknown(tree, type, "");
  }

  private static Optional<String> unknown(JsonNode node, Type type, String path) {
    if (node.isObject() && type instanceof Class<?> record && record.isRecord()) {
      Map<String, Type> components =
          Arrays.stream(record.getRecordComponents())
              .collect(Collectors.toMap(RecordComponent::getName, RecordComponent::getGenericType));
      for (var entry : node.properties()) {
        String below = path.isEmpty() ? entry.getKey() : path + "." + entry.getKey();
        Type component = components.get(entry.getKey());
        Optional<String> problem =
            component == null
                ? Optional.of(message(below, entry.getKey(), components.keySet()))
                : unknown(entry.getValue(), component, below);
        if (problem.isPresent()) {
          return problem;
        }
      }
    } else if (node.isObject()) {
      for (var entry : node.properties()) {
        Optional<String> problem =
            unknown(entry.getValue(), held(type, Map.class, 1), path + "." + entry.getKey());
        if (problem.isPresent()) {
          return problem;
        }
      }
    } else if (node.isArray()) {
      for (int i = 0; i < node.size(); i++) {
        Optional<String> problem =
            unknown(node.get(i), held(type, Collection.class, 0), path + "[" + i + "]");
        if (problem.isPresent()) {
          return problem;
        }
      }
    }
    return Optional.empty();
  }

  private static String message(String path, String key, Collection<String> known) {
    List<String> sorted = known.stream().sorted().toList();
    return "unknown key '"
        + path
        + "'"
        + Suggestions.didYouMean(key, sorted)
        + " (known: "
        + String.join(", ", sorted)
        + ")";
  }

  /** What a list or map holds; Object where the document has another shape than the type. */
  private static Type held(Type type, Class<?> container, int index) {
    return type instanceof ParameterizedType p
            && p.getRawType() instanceof Class<?> raw
            && container.isAssignableFrom(raw)
        ? List.of(p.getActualTypeArguments()).get(index)
        : Object.class;
  }
}
