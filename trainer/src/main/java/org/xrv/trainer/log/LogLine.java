package org.xrv.trainer.log;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One line of metrics.jsonl or timing.jsonl.
 *
 * @param step steps taken when it was written
 * @param epoch from 1
 * @param values its other numbers by name, in the order of the file
 */
public record LogLine(Kind kind, long step, int epoch, Map<String, Double> values) {
  private static final String KIND = "kind";
  private static final String STEP = "step";
  private static final String EPOCH = "epoch";

  /** What a line is about. */
  public enum Kind {
    STEP,
    EPOCH
  }

  public LogLine {
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }

  /** Lines of timing.jsonl had no kind at first; they were all about epochs. */
  static LogLine of(JsonNode line) {
    Map<String, Double> values = new LinkedHashMap<>();
    line.properties()
        .forEach(
            e -> {
              if (e.getValue().isNumber()
                  && !e.getKey().equals(STEP)
                  && !e.getKey().equals(EPOCH)) {
                values.put(e.getKey(), e.getValue().asDouble());
              }
            });
    return new LogLine(
        line.path(KIND).asText().equals(STEP) ? Kind.STEP : Kind.EPOCH,
        line.path(STEP).asLong(),
        line.path(EPOCH).asInt(),
        values);
  }

  /** Whether a run that writes this line has not come to the other one yet. */
  boolean isBeforeOrAt(LogLine other) {
    return step < other.step || (step == other.step && kind.compareTo(other.kind) <= 0);
  }
}
