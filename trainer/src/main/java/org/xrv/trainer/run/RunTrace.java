package org.xrv.trainer.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.trainer.checkpoint.CheckpointStore;
import org.xrv.trainer.log.MetricsLog;

/**
 * How far a run came and what it wrote on the way.
 *
 * @param lines of metrics.jsonl
 * @param lastStep of a line or a checkpoint; 0 when there is none
 */
record RunTrace(List<Line> lines, long lastStep) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** A line, with its text as it stands in the file. */
  record Line(String text, JsonNode values) {
    long step() {
      return values.path("step").asLong();
    }

    boolean validation() {
      return values.path("kind").asText().equals("epoch");
    }
  }

  RunTrace {
    lines = List.copyOf(lines);
  }

  /** Reads a run; a last line that a killed process left unfinished does not count. */
  static RunTrace read(Path run) {
    Path file = run.resolve(MetricsLog.METRICS);
    List<Line> lines = new ArrayList<>();
    try {
      String text = Files.exists(file) ? Files.readString(file, StandardCharsets.UTF_8) : "";
      for (String line : text.substring(0, text.lastIndexOf('\n') + 1).lines().toList()) {
        lines.add(new Line(line, JSON.readTree(line)));
      }
    } catch (JsonProcessingException e) {
      throw new ProblemException(
          ProblemKind.BAD_DATA, file + ": a line is no JSON: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new ProblemException(ProblemKind.BAD_DATA, file + ": " + e.getMessage(), e);
    }
    long last = lines.stream().mapToLong(Line::step).max().orElse(0);
    long saved = CheckpointStore.steps(run).stream().findFirst().orElse(0L);
    return new RunTrace(lines, Math.max(last, saved));
  }

  List<Line> upTo(long step) {
    return lines.stream().filter(l -> l.step() <= step).toList();
  }

  boolean validatedAt(long step) {
    return lines.stream().anyMatch(l -> l.validation() && l.step() == step);
  }

  /**
   * The step of a validation.
   *
   * @param epoch from 1
   */
  Optional<Long> endOfEpoch(int epoch) {
    return lines.stream()
        .filter(l -> l.validation() && l.values().path("epoch").asInt() == epoch)
        .map(Line::step)
        .findFirst();
  }
}
