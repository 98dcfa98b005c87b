package org.xrv.trainer.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.xrv.core.config.ConfigTree;
import org.xrv.core.error.ProblemException;

/** Documents of a run as tables of keys and values. */
final class Facts {
  private static final JsonMapper JSON = new JsonMapper();

  private Facts() {}

  /** Settings in YAML; a file that is missing or damaged has none. */
  static Map<String, String> settings(Path file) {
    if (!Files.isRegularFile(file)) {
      return Map.of();
    }
    try {
      return flat(ConfigTree.read(file).root());
    } catch (ProblemException e) {
      return Map.of(file.getFileName().toString(), e.getMessage());
    }
  }

  /** A JSON document; a file that is missing has nothing. */
  static Map<String, String> document(Path file) {
    if (!Files.isRegularFile(file)) {
      return Map.of();
    }
    try {
      return flat(JSON.readTree(file.toFile()));
    } catch (IOException e) {
      return Map.of(file.getFileName().toString(), "cannot be read as JSON");
    }
  }

  private static Map<String, String> flat(JsonNode root) {
    Map<String, String> facts = new LinkedHashMap<>();
    flatten("", root, facts);
    return facts;
  }

  private static void flatten(String prefix, JsonNode node, Map<String, String> into) {
    if (node.isObject() && !node.isEmpty()) {
      node.properties()
          .forEach(
              e ->
                  flatten(
                      prefix.isEmpty() ? e.getKey() : prefix + "." + e.getKey(),
                      e.getValue(),
                      into));
    } else {
      into.put(prefix, node.isValueNode() ? node.asText() : node.toString());
    }
  }

  static String html(String title, Map<String, String> facts) {
    StringBuilder html = new StringBuilder("<section><h2>" + Html.escape(title) + "</h2><table>");
    facts.forEach(
        (key, value) ->
            html.append("<tr><th>")
                .append(Html.escape(key))
                .append("</th><td>")
                .append(Html.escape(value))
                .append("</td></tr>\n"));
    return html.append("</table></section>").toString();
  }
}
