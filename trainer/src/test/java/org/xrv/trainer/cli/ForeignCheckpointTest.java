package org.xrv.trainer.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xrv.core.io.AtomicFiles;
import org.xrv.core.io.Digests;
import org.xrv.core.tensor.FloatTensor;
import org.xrv.core.tensor.NamedTensors;
import org.xrv.core.tensor.Safetensors;
import org.xrv.trainer.checkpoint.CheckpointStore;

/** Checkpoints that are whole and still not those of the run, or not numbers. */
class ForeignCheckpointTest {
  @TempDir static Path trained;
  @TempDir Path directory;
  private Path run;
  private Path newest;

  @BeforeAll
  static void train() {
    Program program = Program.train(trained.resolve("run"));
    assertEquals(0, program.code(), program.err());
    List<String> args = TrainingProcess.arguments(trained.resolve("wider"));
    args.set(args.indexOf("--latent=16x1x1"), "--latent=32x1x1");
    Program wider = Program.run(args.toArray(String[]::new));
    assertEquals(0, wider.code(), wider.err());
  }

  @BeforeEach
  void copy() throws IOException {
    run = directory.resolve("run");
    SameRun.copy(trained.resolve("run"), run);
    assertEquals(List.of(10L, 5L), CheckpointStore.steps(run));
    newest = run.resolve("checkpoints/step-10");
  }

  private static void copy(Path from, Path to) throws IOException {
    AtomicFiles.deleteTree(to);
    Files.createDirectories(to);
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
  }

  /** Changes state.json and makes its digest right again. */
  private static void edit(Path checkpoint, String what, String by) throws IOException {
    Path file = checkpoint.resolve("state.json");
    String text = Files.readString(file);
    assertTrue(text.contains(what), text);
    String blank =
        text.replace(what, by).replaceAll("(\"digest\" : \")[0-9a-f]{64}", "$1" + "0".repeat(64));
    String digest = Digests.sha256(blank.getBytes(StandardCharsets.UTF_8));
    Files.writeString(
        file, blank.replace("\"digest\" : \"" + "0".repeat(64), "\"digest\" : \"" + digest));
  }

  private static String refused(Program program, int code) {
    assertEquals(code, program.code(), program.err());
    assertEquals(1, program.problems().size(), program.err());
    assertFalse(program.err().contains("\tat "), program.err());
    return program.problems().get(0);
  }

  @Test
  void shouldRefuseACheckpointOfAnotherRun() throws IOException {
    copy(trained.resolve("wider/checkpoints/step-10"), newest);
    String problem = refused(Program.train(run), 3);
    assertTrue(problem.contains(newest + " is a checkpoint of a run with other settings"), problem);
    assertTrue(problem.contains("move it out of"), problem);
    assertTrue(Files.exists(newest.resolve("model.safetensors")), "it is not deleted");

    AtomicFiles.deleteTree(newest);
    Program again = Program.train(run);
    assertEquals(0, again.code(), again.err());
    assertTrue(again.err().contains("going on from step 5 "), again.err());
  }

  @Test
  void shouldRefuseOtherSettingsWhenConfigYamlWasLost() throws IOException {
    Files.delete(run.resolve("config.yaml"));
    String problem = refused(Program.train(run, "--seed=3"), 3);
    assertTrue(problem.contains("give the settings that it was trained with"), problem);
    assertFalse(Files.exists(run.resolve("config.yaml")), "nor is it written");
    Program same = Program.train(run);
    assertEquals(0, same.code(), same.err());
  }

  @Test
  void shouldRefuseAnotherNetworkInARunOfWhichSettingsWereChanged() throws IOException {
    String[] changed = {"--lr=0.0005", "--resume=changed"};
    Program on = Program.train(run, changed);
    assertEquals(0, on.code(), on.err());
    copy(trained.resolve("wider/checkpoints/step-10"), newest);
    String problem = refused(Program.train(run, "--lr=0.0005"), 3);
    assertTrue(problem.contains(newest + " is a checkpoint of another network: "), problem);
    assertTrue(problem.contains("should have shape"), problem);
  }

  @Test
  void shouldLeaveACheckpointOfANewerVersionToThatVersion() throws IOException {
    edit(newest, "\"format\" : 1", "\"format\" : 2");
    String problem = refused(Program.train(run), 2);
    assertTrue(problem.contains("newer version of the program (format 2"), problem);
    assertEquals(List.of(10L, 5L), CheckpointStore.steps(run), "nothing is deleted");
  }

  @ParameterizedTest
  @ValueSource(strings = {"model.safetensors", "optimizer.safetensors"})
  void shouldFallBackFromNumbersThatAreNotFinite(String name) throws IOException {
    byte[] good = Files.readAllBytes(newest.resolve("model.safetensors"));
    Path file = newest.resolve(name);
    String digest = Digests.sha256(file);
    NamedTensors tensors = Safetensors.read(file).tensors();
    Map<String, FloatTensor> bad = new HashMap<>(tensors.tensors());
    bad.values().iterator().next().data()[0] = Float.NaN;
    Safetensors.write(file, new NamedTensors(bad), Map.of("format", "pt"));
    edit(newest, digest, Digests.sha256(file));
    Program program = Program.train(run);
    assertEquals(0, program.code(), program.err());
    List<String> warnings =
        program.err().lines().filter(l -> l.contains("damaged checkpoint")).toList();
    assertEquals(1, warnings.size(), program.err());
    assertTrue(warnings.get(0).contains(file + ": a number in '"), program.err());
    assertTrue(warnings.get(0).contains("going on from step 5 instead"), program.err());
    org.junit.jupiter.api.Assertions.assertArrayEquals(
        good, Files.readAllBytes(newest.resolve("model.safetensors")), "trained again, the same");
  }

  @Test
  void shouldSayThatNoCheckpointIsSound() throws IOException {
    for (long step : CheckpointStore.steps(run)) {
      Files.write(run.resolve("checkpoints/step-" + step + "/model.safetensors"), new byte[100]);
    }
    String problem = refused(Program.train(run), 3);
    assertTrue(problem.contains("--resume never begins anew and keeps what is there"), problem);
    assertEquals(2, CheckpointStore.steps(run).size(), "nothing is deleted");
  }

  @Test
  void shouldSayThatTheBestCheckpointIsDamaged() throws IOException {
    Path best = run.resolve("checkpoints/step-5/model.safetensors");
    Files.write(best, new byte[100]);
    String problem = refused(Program.run("export", run.toString()), 3);
    assertTrue(problem.contains(best.toString()), problem);
  }
}
