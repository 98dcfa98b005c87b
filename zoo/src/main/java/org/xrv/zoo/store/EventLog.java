package org.xrv.zoo.store;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.UUID;
import org.xrv.zoo.name.Digest;
import org.xrv.zoo.name.ModelVersion;

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
    Instant now = clock.instant();
    Path file =
        paths.log(model.name()).resolve(FILE.format(now) + "-" + UUID.randomUUID() + ".json");
    partial.replace(
        file,
        ZooJson.bytes(
            ZooJson.object()
                .put("event", "published")
                .put("time", now.toString())
                .put("version", model.version().toString())
                .put("digest", digest.toString())));
  }
}
