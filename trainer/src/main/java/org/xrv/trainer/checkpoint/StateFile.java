package org.xrv.trainer.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.io.AtomicFiles;
import org.xrv.core.io.Digests;

/**
 * state.json of a checkpoint. Its last member is the digest of the file itself with zeros in that
 * place, so that a flipped bit shows here too.
 *
 * @param files SHA-256 of the checkpoint's other files by name
 */
record StateFile(TrainingState state, long seed, String configDigest, Map<String, String> files) {
  static final String NAME = "state.json";
  private static final int FORMAT = 1;

  /** Stands for the digest in the text that the digest is of. */
  private static final String BLANK = "0".repeat(64);

  private static final ObjectMapper JSON = new ObjectMapper();

  StateFile {
    files = new TreeMap<>(files);
  }

  void write(Path directory) {
    ObjectNode json = JSON.createObjectNode();
    json.put("format", FORMAT);
    json.put("step", state.step());
    json.put("epoch", state.epoch());
    json.put("stepInEpoch", state.stepInEpoch());
    json.put("lossSum", state.lossSum());
    json.put("lossElements", state.lossElements());
    state
        .best()
        .ifPresent(
            best ->
                json.putObject("best")
                    .put("step", best.step())
                    .put("epoch", best.epoch())
                    .put("score", best.score()));
    json.put("metricsLength", state.metricsLength());
    json.put("seed", seed);
    json.put("configDigest", configDigest);
    ObjectNode digests = json.putObject("sha256");
    files.forEach(digests::put);
    json.put("digest", BLANK);
    String text = json.toPrettyString() + "\n";
    AtomicFiles.write(
        directory.resolve(NAME),
        text.replace(BLANK, digest(text)).getBytes(StandardCharsets.UTF_8));
  }

  static StateFile read(Path directory) {
    Path file = directory.resolve(NAME);
    try {
      String text = Files.readString(file, StandardCharsets.UTF_8);
      if (!(JSON.readTree(text) instanceof ObjectNode json)) {
        throw bad(file, "is no JSON object");
      }
      String promised = json.path("digest").asText();
      if (promised.isEmpty() || !promised.equals(digest(text.replace(promised, BLANK)))) {
        throw bad(file, "does not have the digest that it states");
      }
      if (json.path("format").asInt() > FORMAT) {
        throw new ProblemException(
            ProblemKind.USAGE,
            file
                + " was written by a newer version of the program (format "
                + json.path("format").asInt()
                + ", this one reads "
                + FORMAT
                + "); go on with that version, or begin anew with another --out");
      }
      if (json.path("format").asInt() != FORMAT) {
        throw bad(
            file,
            "is of format "
                + json.path("format")
                + ", this version reads "
                + FORMAT
                + (json.path("format").asInt() > FORMAT
                    ? "; a newer version of xrv-train wrote it"
                    : ""));
      }
      Map<String, String> files = new TreeMap<>();
      json.path("sha256").properties().forEach(e -> files.put(e.getKey(), e.getValue().asText()));
      JsonNode best = json.path("best");
      return new StateFile(
          new TrainingState(
              json.path("step").asLong(-1),
              json.path("epoch").asInt(-1),
              json.path("stepInEpoch").asInt(-1),
              json.path("lossSum").asDouble(),
              json.path("lossElements").asLong(-1),
              best.isObject()
                  ? Optional.of(
                      new TrainingState.Best(
                          best.path("step").asLong(),
                          best.path("epoch").asInt(),
                          best.path("score").asDouble()))
                  : Optional.empty(),
              json.path("metricsLength").asLong(-1)),
          json.path("seed").asLong(),
          json.path("configDigest").asText(),
          files);
    } catch (JsonProcessingException e) {
      throw bad(file, "is not JSON: " + e.getOriginalMessage());
    } catch (java.nio.file.NoSuchFileException e) {
      throw bad(file, "is missing");
    } catch (IOException e) {
      throw bad(file, "cannot be read: " + e.getMessage());
    } catch (IllegalArgumentException e) {
      throw bad(file, e.getMessage());
    }
  }

  private static String digest(String text) {
    return Digests.sha256(text.getBytes(StandardCharsets.UTF_8));
  }

  private static ProblemException bad(Path file, String reason) {
    return new ProblemException(ProblemKind.BAD_DATA, file + " " + reason);
  }
}
