package org.xrv.zoo.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.xrv.zoo.name.Digest;
import org.xrv.zoo.name.ModelName;
import org.xrv.zoo.name.ModelVersion;
import org.xrv.zoo.name.SemanticVersion;
import org.xrv.zoo.name.Tag;

/** What happened to a model, one small file for each event: appending needs no lock. */
final class EventLog {
  private static final DateTimeFormatter FILE =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);

  private final ZooPaths paths;
  private final PartialFiles partial;
  private final Clock clock;

  EventLog(ZooPaths paths, PartialFiles partial, Clock clock) {
    this.paths = paths;
    this.partial = partial;
    this.clock = clock;
  }

  void published(ModelVersion model, Digest digest) {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("version", model.version());
    details.put("digest", digest);
    write(model.name(), "published", details);
  }

  /** A version that was removed from this zoo. */
  void removed(ModelVersion model, Digest digest) {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("version", model.version());
    details.put("digest", digest);
    write(model.name(), "removed", details);
  }

  /** A mark that was set, or taken away when there is no message. */
  void marked(ModelVersion model, Mark mark, Optional<String> message) {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("version", model.version());
    message.ifPresent(m -> details.put("message", m));
    write(model.name(), (message.isPresent() ? "" : "not ") + mark, details);
  }

  /** An alias that moved, or was removed when it has no version to go to. */
  void moved(
      ModelName name,
      Tag.Alias alias,
      Optional<SemanticVersion> from,
      Optional<SemanticVersion> to) {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("alias", alias);
    from.ifPresent(v -> details.put("from", v));
    to.ifPresent(v -> details.put("to", v));
    write(name, to.isPresent() ? "alias set" : "alias removed", details);
  }

  private void write(ModelName name, String event, Map<String, ?> details) {
    Instant now = clock.instant();
    Path file = paths.log(name).resolve(FILE.format(now) + "-" + UUID.randomUUID() + ".json");
    ObjectNode json = ZooJson.object().put("event", event).put("time", now.toString());
    details.forEach((key, value) -> json.put(key, value.toString()));
    partial.replace(file, ZooJson.bytes(json));
  }
}
