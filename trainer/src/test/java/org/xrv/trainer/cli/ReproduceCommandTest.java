package org.xrv.trainer.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.trainer.checkpoint.CheckpointStore;
import org.xrv.trainer.engine.DjlEngine;
import org.xrv.trainer.loop.StopSignal;
import org.xrv.trainer.loop.TrainingListener;
import org.xrv.trainer.run.Reproduction;
import org.xrv.zoo.store.LocalZoo;

/** {@code xrv-train reproduce}: the same run again, and whether it is the same. */
class ReproduceCommandTest {
  private static final String IDENTICAL =
      "identical up to step 10: 2 lines of metrics.jsonl; weights of step 10 (last); weights of"
          + " step 5 (best)";
  private static final String SAME_PLACE =
      "environment: the same program, settings, data, engine and machine as far as run.json tells";

  @TempDir static Path shared;
  private static Path trained;
  @TempDir Path directory;

  /** A copy of a run of two epochs of five steps, which the first test of each kind may change. */
  private Path run;

  private Path second;

  @BeforeAll
  static void trainARun() {
    trained = shared.resolve("run");
    Program program = Program.train(trained);
    assertEquals(0, program.code(), program.err());
  }

  @BeforeEach
  void copyIt() throws IOException {
    run = directory.resolve("run");
    second = directory.resolve("run-reproduced");
    copy(trained, run);
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Files.copy(file, to.resolve(from.relativize(file)));
      }
    }
  }

  private Program reproduce(String... more) {
    String[] args = new String[more.length + 2];
    args[0] = "reproduce";
    args[1] = run.toString();
    System.arraycopy(more, 0, args, 2, more.length);
    return Program.run(args);
  }

  private static void replace(Path file, String what, String by) throws IOException {
    String text = Files.readString(file);
    assertTrue(text.contains(what), text);
    Files.writeString(file, text.replace(what, by));
  }

  private void assertIdentical(Program program) {
    assertEquals(0, program.code(), program.out() + program.err());
    assertEquals(IDENTICAL + "\n" + SAME_PLACE + "\n", program.out());
  }

  @Test
  void shouldFindAnUntouchedRunIdenticalBitForBit() throws IOException {
    assertIdentical(reproduce());
    for (String file :
        new String[] {
          "metrics.jsonl",
          "checkpoints/step-10/model.safetensors",
          "checkpoints/step-10/optimizer.safetensors"
        }) {
      assertArrayEquals(
          Files.readAllBytes(run.resolve(file)), Files.readAllBytes(second.resolve(file)), file);
    }
    Program again = reproduce();
    assertIdentical(again);
    assertTrue(again.err().contains("was trained up to step 10 before; comparing"), again.err());

    // Once there is a second run, what is changed in the first shows at once.
    replace(run.resolve("metrics.jsonl"), "\"validationImages\":3", "\"validationImages\":4");
    Program metrics = reproduce();
    assertEquals(10, metrics.code(), metrics.err());
    assertTrue(
        metrics
            .out()
            .startsWith(
                "different up to step 10: validationImages of step 5 is 4 there and 3 here;"
                    + " largest relative difference 0.25, validationImages of step 5\n"
                    + "the same: weights of step 10 (last); weights of step 5 (best)\n"),
        metrics.out());

    Path weights = run.resolve("checkpoints/step-5/model.safetensors");
    byte[] bytes = Files.readAllBytes(weights);
    bytes[bytes.length - 1] ^= 1;
    Files.write(weights, bytes);
    Program damaged = reproduce();
    assertEquals(10, damaged.code(), damaged.err());
    assertTrue(damaged.out().contains("weights of step 5: " + weights), damaged.out());
    assertTrue(damaged.out().contains("the same: weights of step 10 (last)\n"), damaged.out());

    replace(run.resolve("run.json"), "\"seed\" : 1", "\"seed\" : 2");
    assertTrue(reproduce().out().contains("environment: seed: 2 there, 1 here"));
  }

  @Test
  void shouldShowThatARunWasNotTrainedWithTheSettingsItStates() throws IOException {
    replace(run.resolve("config.yaml"), "lr: 0.001", "lr: 0.002");
    Program program = reproduce();
    assertEquals(10, program.code(), program.out() + program.err());
    String first = program.out().lines().findFirst().orElseThrow();
    assertTrue(
        first.matches(
            "different up to step 10: trainLoss of step 5 is [0-9.]+ there and [0-9.]+ here;"
                + " largest relative difference [0-9.e-]+, [a-zA-Z]+ of step [0-9]+;"
                + " weights of step 10 \\(last\\): largest difference [0-9.e-]+ of the largest"
                + " value of '[a-z0-9._]+';.*"),
        first);
    assertTrue(program.out().contains("environment: settingsDigest: sha256:"), program.out());
  }

  /** Also at the last step, before its validation, and in the middle of an epoch. */
  @ParameterizedTest
  @ValueSource(longs = {3, 10})
  void shouldGoOnWhereItWasStopped(long stopAt) {
    StopSignal stop = StopSignal.none();
    TrainingListener stopping =
        new TrainingListener() {
          @Override
          public void message(String line) {}

          @Override
          public void step(StepReport report) {
            if (report.step() == stopAt) {
              stop.request("SIGTEST");
            }
          }

          @Override
          public void validating(int epoch, int image, int images) {}

          @Override
          public void epoch(EpochReport report) {}
        };
    Reproduction reproduction = Reproduction.of(run, second, Map.of());
    try (DjlEngine engine = DjlEngine.open()) {
      ProblemException e =
          assertThrows(
              ProblemException.class,
              () ->
                  reproduction.train(
                      engine, stopping, stop, new LocalZoo(directory.resolve("zoo")), 0, 0));
      assertEquals(ProblemKind.PREEMPTED, e.kind());
      assertTrue(e.getMessage().contains("start the same command again"), e.getMessage());
    }
    assertEquals(stopAt, CheckpointStore.steps(second).get(0));
    Program rest = reproduce();
    assertIdentical(rest);
    assertTrue(rest.err().contains("going on from step " + stopAt), rest.err());
  }

  @Test
  void shouldCompareAPartAndThenMore() {
    Program steps = reproduce("--steps=3");
    assertEquals(0, steps.code(), steps.err());
    assertTrue(steps.out().startsWith("identical up to step 3: 0 lines of metrics.jsonl\n"));
    assertTrue(steps.out().contains("weights were not compared"), steps.out());
    Program epoch = reproduce("--epochs=1");
    assertEquals(0, epoch.code(), epoch.err());
    assertTrue(
        epoch.out().startsWith("identical up to step 5: 1 lines of metrics.jsonl; weights of step"),
        epoch.out());
    assertIdentical(reproduce());
  }

  @Test
  void shouldReproduceARunThatWasStoppedInTheMiddle() throws IOException {
    // As a run is that was stopped at step 3 and never went on.
    Path part = directory.resolve("part");
    Program first = Program.run("reproduce", run.toString(), "--steps=3", "--out=" + part);
    assertEquals(0, first.code(), first.err());
    Program program = Program.run("reproduce", part.toString());
    assertEquals(0, program.code(), program.out() + program.err());
    assertTrue(
        program
            .out()
            .startsWith("identical up to step 3: 0 lines of metrics.jsonl; weights of step 3"),
        program.out());
  }

  @Test
  void shouldReproduceAClassifier() {
    Path classifier = directory.resolve("classifier");
    Program program =
        Program.run(
            "classifier",
            "--preset=quickstart-classifier",
            "--resolution=32",
            "--set=data.phantom.count=40",
            "--set=model.blocks=[2,2]",
            "--epochs=1",
            "--limit-batches=2",
            "--out=" + classifier);
    assertEquals(0, program.code(), program.err());
    Program again = Program.run("reproduce", classifier.toString());
    assertEquals(0, again.code(), again.out() + again.err());
    assertTrue(again.out().startsWith("identical up to step 2"), again.out());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "none               | 3 | is no run: no such directory",
        "empty              | 3 | is no run: it has no config.yaml",
        "run --out=RUN      | 2 | is the run itself; choose another --out",
        "run --epochs=3     | 2 | did not come to the end of that",
        "run --steps=-1     | 2 | --steps is -1, --epochs is 0; expected one of them",
        "run --out=OTHER    | 2 | OTHER holds a run with other settings (train.seed",
        "run --devices=gpu  | 2 | gpu",
        "unbegun            | 3 | has no step to compare with",
      })
  void shouldSayInOneLineWhatCannotBeReproduced(String args, int code, String message)
      throws IOException {
    Files.createDirectories(directory.resolve("empty"));
    Files.createDirectories(directory.resolve("unbegun"));
    Files.copy(run.resolve("config.yaml"), directory.resolve("unbegun/config.yaml"));
    Path other = directory.resolve("OTHER");
    copy(run, other);
    replace(other.resolve("config.yaml"), "seed: 1\n  init", "seed: 2\n  init");
    String[] given =
        ("reproduce " + directory.resolve(args))
            .replace("OTHER", other.toString())
            .replace("RUN", run.toString())
            .split(" ");
    Program program = Program.run(given);
    assertEquals(code, program.code(), program.out() + program.err());
    assertEquals(1, program.problems().size(), program.err());
    assertTrue(
        program.problems().get(0).contains(message.replace("OTHER", other.toString())),
        program.err());
    assertFalse(Files.exists(second), "nothing was begun");
  }
}
