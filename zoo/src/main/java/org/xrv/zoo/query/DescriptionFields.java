package org.xrv.zoo.query;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.xrv.core.error.ProblemException;
import org.xrv.zoo.store.ModelDetails;
import org.xrv.zoo.store.ZooJson;

/**
 * A model's description as single values, whatever its format: {@code architecture.depth}. Elements
 * of a list of objects are called by their {@code name}: {@code targetDescriptions.Effusion.auc}.
 */
final class DescriptionFields {
  private DescriptionFields() {}

  /**
   * The values by name, in the order of the document.
   *
   * @throws ProblemException BAD_DATA when the description is no JSON object
   */
  static Map<String, JsonNode> of(ModelDetails model) {
    Map<String, JsonNode> fields = new LinkedHashMap<>();
    add(
        "",
        ZooJson.parse(
            model.description().getBytes(StandardCharsets.UTF_8),
            "the description of " + model.model()),
        fields);
    return Collections.unmodifiableMap(fields);
  }

  private static void add(String name, JsonNode value, Map<String, JsonNode> fields) {
    if (value.isObject() && !value.isEmpty()) {
      value.properties().forEach(e -> add(join(name, e.getKey()), e.getValue(), fields));
    } else if (value.isArray() && value.path(0).isObject()) {
      for (int i = 0; i < value.size(); i++) {
        String own = value.get(i).path("name").asText();
        add(join(name, own.isEmpty() ? Integer.toString(i) : own), value.get(i), fields);
      }
    } else {
      String free = name;
      for (int i = 2; fields.containsKey(free); i++) { // a name may have a dot in it
        free = name + "#" + i;
      }
      fields.put(free, value);
    }
  }

  private static String join(String name, String more) {
    return name.isEmpty() ? more : name + "." + more;
  }
}
