package org.xrv.trainer.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code --overfit-batch} and {@code --limit-batches}: short runs that look for mistakes. */
class DebuggingRunsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  @TempDir Path directory;

  private static List<JsonNode> epochs(Path run) throws IOException {
    List<JsonNode> epochs = new ArrayList<>();
    for (String line : Files.readAllLines(run.resolve("metrics.jsonl"))) {
      JsonNode values = JSON.readTree(line);
      if (values.path("kind").asText().equals("epoch")) {
        epochs.add(values);
      }
    }
    return epochs;
  }

  @Tag("slow")
  @Test
  void shouldLearnOneBatchByHeart() throws IOException {
    Path run = directory.resolve("run");
    Program program =
        Program.train(
            run,
            "--overfit-batch",
            "--lr=0.01",
            "--set=model.width=0.25",
            "--set=model.bottleneck=128x2x2",
            "--set=train.schedule=constant",
            "--set=train.epochs=16");
    assertEquals(0, program.code(), program.err());
    assertTrue(program.err().contains("one batch of 4 images to train on"), program.err());
    List<JsonNode> epochs = epochs(run);
    JsonNode first = epochs.get(0);
    JsonNode last = epochs.get(epochs.size() - 1);
    assertEquals(4, last.path("validationImages").asInt(), "the batch itself");
    double before = first.path("trainLoss").asDouble();
    double after = last.path("trainLoss").asDouble();
    assertTrue(after < before / 10, "training loss " + before + ", then " + after);
    double mae = last.path("mae").asDouble();
    double meanImage = last.path("meanImageMae").asDouble();
    assertTrue(mae < meanImage, "MAE " + mae + ", of the mean image " + meanImage);
  }

  @Test
  void shouldNotPublishWhatHasSeenOneBatch() {
    Program program =
        Program.train(
            directory.resolve("run"),
            "--overfit-batch",
            "--publish=ae-tiny:0.1.0",
            "--zoo=" + directory.resolve("zoo"));
    assertEquals(2, program.code(), program.err());
    assertTrue(program.problems().get(0).contains("has seen one batch only"), program.err());
  }

  @Test
  void shouldGoThroughAFewBatchesOnly() throws IOException {
    Path run = directory.resolve("run");
    Program program = Program.train(run, "--limit-batches=2", "--set=data.validationFraction=0.6");
    assertEquals(0, program.code(), program.err());
    List<JsonNode> epochs = epochs(run);
    assertEquals(2, epochs.size());
    assertEquals(2, epochs.get(0).path("step").asInt());
    assertEquals(4, epochs.get(1).path("step").asInt());
    assertEquals(8, epochs.get(1).path("validationImages").asInt());

    Program none = Program.train(directory.resolve("none"), "--limit-batches=-1");
    assertEquals(2, none.code(), none.err());
    assertTrue(none.err().contains("is -1; expected 0 or more"), none.err());
  }
}
