package org.xrv.trainer.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xrv.trainer.checkpoint.CheckpointStore;

/** Runs that are lost, and how to go on after one. */
class DivergedRunTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Learns next to nothing, and is lost as soon as two batches are a little harder than most. */
  private static final String[] STRICT = {
    "--lr=1e-6", "--set=train.epochs=40", "--set=guard.lossFactor=1.01", "--set=guard.lossSteps=2"
  };

  @TempDir Path directory;

  private static JsonNode json(Path file) throws IOException {
    return JSON.readTree(file.toFile());
  }

  @Test
  void shouldStopAtNaNAndNameTheImages() throws IOException {
    Path run = directory.resolve("run");
    Program program = Program.train(run, "--lr=1e30");
    assertEquals(4, program.code(), program.err());
    assertEquals(1, program.problems().size(), program.err());
    String said = program.problems().get(0);
    assertTrue(said.contains("training diverged: the loss of step 2 is NaN"), said);
    assertTrue(said.contains("there is no checkpoint yet; begin again with"), said);
    assertTrue(said.endsWith("--lr 5E+29"), said);
    JsonNode document = json(run.resolve("diverged.json"));
    assertEquals(4, document.path("samples").size());
    assertTrue(document.path("samples").path(0).path("id").asText().startsWith("phantom-1-0000"));
    assertTrue(document.path("samples").path(0).path("patient").asText().startsWith("phantom:1:"));
    assertFalse(CheckpointStore.any(run));
    assertEquals("FAILED", json(run.resolve("status.json")).path("state").asText());
  }

  @Test
  void shouldStopWhereTheLossStaysHighAndGoOnWithOtherSettings() throws IOException {
    Path run = directory.resolve("run");
    Program program = Program.train(run, STRICT);
    assertEquals(4, program.code(), program.err());
    String said = program.problems().get(0);
    assertTrue(said.contains("for 2 steps it was above 1.01 times the run's median"), said);
    JsonNode document = json(run.resolve("diverged.json"));
    long step = document.path("step").asLong();
    long good = document.path("lastGoodCheckpoint").asLong();
    assertTrue(step >= 25 && good > 0 && good < step, document.toString());
    assertEquals(good, CheckpointStore.steps(run).get(0));
    assertTrue(said.contains("of step " + good + ", was kept; the same command with --resume"));

    // The same command would do the same; other settings need to be asked for.
    String[] other = {"--lr=0.0005", "--set=train.steps=" + (good + 4)};
    Program refused = Program.train(run, other);
    assertEquals(2, refused.code(), refused.err());
    assertTrue(refused.err().contains("or --resume changed to go on with these"), refused.err());
    Program network = Program.train(run, "--resume=changed", "--set=model.width=0.125");
    assertEquals(2, network.code(), network.err());
    assertTrue(network.err().contains("model.width: 0.0625 there, 0.125 here"), network.err());
    assertFalse(Files.exists(run.resolve("changes.json")));

    Program changed = Program.train(run, with(other, "--resume=changed"));
    assertEquals(0, changed.code(), changed.err());
    assertTrue(changed.err().contains("going on from step " + good), changed.err());
    JsonNode change = json(run.resolve("changes.json")).path(0);
    assertEquals(good, change.path("afterStep").asLong());
    assertEquals("train.lr", change.path("settings").path(1).path("key").asText());
    assertEquals(1e-6, change.path("settings").path(1).path("before").asDouble());
    assertEquals(5e-4, change.path("settings").path(1).path("after").asDouble());
    assertEquals(1, json(run.resolve("run.json")).path("changes").size(), "provenance has it too");
    assertEquals(0, Program.train(run, other).code(), "these are the run's settings now");

    Program again = Program.run("reproduce", run.toString());
    assertEquals(2, again.code(), again.err());
    assertTrue(again.err().contains("went on with other settings at times"), again.err());
  }

  private static String[] with(String[] options, String more) {
    String[] all = java.util.Arrays.copyOf(options, options.length + 1);
    all[options.length] = more;
    return all;
  }

  @Test
  void shouldHaveNothingToChangeWhereNoRunIs() {
    Program program = Program.train(directory.resolve("run"), "--resume=changed");
    assertEquals(2, program.code(), program.err());
    assertTrue(program.err().contains("has no checkpoint to go on from"), program.err());
  }
}
