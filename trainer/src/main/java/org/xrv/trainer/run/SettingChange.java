package org.xrv.trainer.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.io.AtomicFiles;

/**
 * A setting that a run went on with another value of. They are kept in changes.json of the run's
 * directory, with the step from which they hold.
 *
 * @param before null when the setting was not there
 */
record SettingChange(String key, JsonNode before, JsonNode after) {
  private static final String FILE = "changes.json";
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Between two sets of settings by key, in the order of the keys. */
  static List<SettingChange> between(Map<String, JsonNode> there, Map<String, JsonNode> here) {
    List<SettingChange> changes = new ArrayList<>();
    here.forEach(
        (key, value) -> {
          if (!value.equals(there.get(key))) {
            changes.add(new SettingChange(key, there.get(key), value));
          }
        });
    return changes;
  }

  /** What a run was changed by; an empty list for most. */
  static ArrayNode read(Path run) {
    Path file = run.resolve(FILE);
    if (!Files.isRegularFile(file)) {
      return JSON.createArrayNode();
    }
    try {
      if (JSON.readTree(Files.readString(file, StandardCharsets.UTF_8)) instanceof ArrayNode list) {
        return list;
      }
      throw new ProblemException(ProblemKind.BAD_DATA, file + " is no list of changes");
    } catch (IOException e) {
      throw new ProblemException(
          ProblemKind.BAD_DATA, file + ": cannot be read as JSON: " + e.getMessage(), e);
    }
  }

  /** Adds to what is known of a run. */
  static void append(Path run, long step, List<SettingChange> changes) {
    ArrayNode list = read(run);
    ObjectNode entry = list.addObject();
    entry.put("afterStep", step);
    ArrayNode settings = entry.putArray("settings");
    for (SettingChange change : changes) {
      ObjectNode setting = settings.addObject().put("key", change.key);
      setting.set("before", change.before);
      setting.set("after", change.after);
    }
    AtomicFiles.write(
        run.resolve(FILE), (list.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8));
  }

  /** Whether a run was ever changed. */
  static boolean any(Path run) {
    return !read(run).isEmpty();
  }

  @Override
  public String toString() {
    return key + ": " + before + " there, " + after + " here";
  }
}
