package org.xrv.trainer.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xrv.core.config.ConfigTree;
import org.xrv.core.io.Digests;
import org.xrv.trainer.run.Resume;
import org.xrv.trainer.run.RunDirectory;

/** {@code --dry-run}: everything that a run does, once, and nothing written. */
class DryRunTest {
  @TempDir static Path shared;
  private static Path trained;
  @TempDir Path directory;

  @BeforeAll
  static void trainARun() {
    trained = shared.resolve("trained");
    Program program = Program.train(trained);
    assertEquals(0, program.code(), program.err());
  }

  /** Every file below a directory, with the digest of what is in it. */
  private static Map<String, String> content(Path root) throws IOException {
    Map<String, String> content = new TreeMap<>();
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        content.put(
            root.relativize(file).toString(),
            Files.isDirectory(file) ? "directory" : Digests.sha256(file));
      }
    }
    return content;
  }

  private static String line(Program program, String begin) {
    List<String> lines = program.out().lines().filter(l -> l.startsWith(begin)).toList();
    assertEquals(1, lines.size(), program.out() + program.err());
    return lines.get(0);
  }

  @Test
  void shouldSayWhatARunWouldDoAndNeedAndWriteNothing() throws IOException {
    Path run = directory.resolve("not/yet/there");
    Program program = Program.train(run, "--dry-run");
    assertEquals(0, program.code(), program.err());
    assertEquals("a new run would begin in " + run, program.out().lines().findFirst().get());
    String data = line(program, "data: ");
    assertTrue(data.contains("21 images to train on, 3 to validate with"), data);
    String batch = line(program, "a batch: ");
    assertTrue(batch.startsWith("a batch: [4x1x32x32], pixels from -"), batch);
    String network = line(program, "network: ");
    assertTrue(network.contains("[4x1x32x32] to [4x1x32x32], 44,624 parameters; PyTorch"), network);
    String time = line(program, "time: ");
    assertTrue(time.contains("10 steps in 2 epochs of 5, each with 3 images to validate"), time);
    String disk = line(program, "disk: ");
    assertTrue(disk.contains("for 4 checkpoints of 0.7 MB (the newest 2, the best"), disk);
    line(program, "memory: ");
    assertTrue(program.out().endsWith("dry run: nothing was written\n"), program.out());
    assertEquals(List.of(""), List.copyOf(content(directory).keySet()));
  }

  @Test
  void shouldSayFromWhereARunWouldGoOnAndLeaveItAsItIs() throws IOException {
    Map<String, String> before = content(trained);
    Program program = Program.train(trained, "--dry-run");
    assertEquals(0, program.code(), program.err());
    line(program, "the run in " + trained + " would go on from step 10");
    Program anew = Program.train(trained, "--dry-run", "--resume=never");
    assertEquals(0, anew.code(), anew.err());
    line(anew, "a new run would begin in " + trained);
    assertEquals(before, content(trained));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--lr=0.5                            | 2  | train.lr: 0.001 there, 0.5 here",
        "--set=checkpoint.best=loss          | 2  | expected mae or mse or elastic",
        "--set=data.phantom.count=25         | 2  | data.phantom.count: 24 there, 25 here",
        "--set=checkpoint.keep=2000000000    | 12 | too little; free some space",
      })
  void shouldEndAsTheRunWouldEnd(String option, int code, String message) {
    Program program = Program.train(trained, "--dry-run", option);
    assertEquals(code, program.code(), program.err());
    assertEquals(1, program.problems().size(), program.err());
    assertTrue(program.problems().get(0).contains(message), program.err());
  }

  @Test
  void shouldRefuseADirectoryThatCannotBeMade() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "in the way");
    Program program = Program.train(file.resolve("run"), "--dry-run");
    assertEquals(12, program.code(), program.err());
    assertTrue(program.problems().get(0).contains(file + " is no directory"), program.err());
  }

  @Test
  void shouldRefuseARunThatAnotherProcessTrains() {
    Path run = directory.resolve("held");
    try (RunDirectory held =
        RunDirectory.open(run, ConfigTree.parse("mine", "{}"), Resume.AUTO, line -> {})) {
      Program program = Program.train(held.path(), "--dry-run");
      assertEquals(2, program.code(), program.err());
      assertTrue(program.problems().get(0).contains("another process trains in"), program.err());
    }
  }

  @Test
  void shouldTryTheFirstWeights() {
    Path run = directory.resolve("run");
    Program fitting = Program.train(run, "--dry-run", "--init=" + trained);
    assertEquals(0, fitting.code(), fitting.err());
    line(fitting, "first weights: 546 tensors of the best checkpoint of " + trained);

    Program other = Program.train(run, "--dry-run", "--init=" + trained, "--set=model.width=0.125");
    assertEquals(3, other.code(), other.err());
    assertTrue(other.problems().get(0).contains("does not fit the autoencoder"), other.err());

    Program none = Program.train(run, "--dry-run", "--init=/no/such/weights.pt");
    assertEquals(3, none.code(), none.err());
    assertTrue(none.problems().get(0).contains("/no/such/weights.pt"), none.err());
  }

  @Test
  void shouldCountTheLabelsOfAClassifier() throws IOException {
    Path run = directory.resolve("classifier");
    String[] classifier = {
      "classifier",
      "--preset=quickstart-classifier",
      "--resolution=32",
      "--set=data.phantom.count=40",
      "--set=model.blocks=[2,2]",
      "--out=" + run,
      "--dry-run",
      "--targets=Cardiomegaly,Mass"
    };
    Program program = Program.run(classifier);
    assertEquals(0, program.code(), program.err());
    assertTrue(line(program, "Cardiomegaly: ").contains("training images have it"), program.out());
    assertTrue(line(program, "network: ").contains("x1x32x32] to ["), program.out());
    assertEquals(List.of(""), List.copyOf(content(directory).keySet()));

    classifier[classifier.length - 1] = "--targets=Cardiomegalie";
    Program misspelt = Program.run(classifier);
    assertEquals(2, misspelt.code(), misspelt.err());
    assertTrue(misspelt.err().contains("did you mean 'Cardiomegaly'?"), misspelt.err());
  }
}
