package org.xrv.trainer.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.graph.Shape;
import org.xrv.core.tensor.FloatTensor;
import org.xrv.core.tensor.NamedTensors;

class CheckpointStoreTest {
  @TempDir Path run;
  private final List<String> warnings = new ArrayList<>();

  private static NamedTensors tensors(float value) {
    return new NamedTensors(
        Map.of("w", new FloatTensor(Shape.of(2, 2), new float[] {value, 1, -0f, 1e-30f})));
  }

  private static TrainingState at(long step, long best) {
    return new TrainingState(
        step,
        2,
        3,
        0.1 + 0.2,
        77,
        best == 0 ? Optional.empty() : Optional.of(new TrainingState.Best(best, 1, 0.5)),
        11);
  }

  private CheckpointStore store(int keep) {
    return new CheckpointStore(run, keep, 5, "abc");
  }

  @Test
  void shouldReadWhatItWrote() {
    store(2).save(at(7, 7), tensors(3), () -> tensors(4));
    Checkpoint read = CheckpointStore.newest(run, warnings::add).orElseThrow();
    assertEquals(at(7, 7), read.state());
    assertEquals(5, read.seed());
    assertEquals("abc", read.configDigest());
    assertArrayEquals(tensors(3).get("w").data(), read.model().get("w").data());
    assertArrayEquals(tensors(4).get("w").data(), read.optimizer().get("w").data());
    assertEquals(List.of(), warnings);
  }

  @Test
  void shouldKeepTheNewestAndTheBest() {
    CheckpointStore store = store(2);
    for (int step = 1; step <= 6; step++) {
      NamedTensors of = tensors(step);
      store.save(at(step, Math.min(step, 3)), of, () -> of);
    }
    assertEquals(List.of(6L, 5L, 3L), CheckpointStore.steps(run));
  }

  @Test
  void shouldTakeBackTheFutureOfADamagedCheckpoint() throws IOException {
    CheckpointStore store = store(1);
    store.save(at(4, 0), tensors(1), () -> tensors(1));
    Path later = Files.createDirectories(run.resolve("checkpoints/step-9"));
    Files.writeString(later.resolve("state.json"), "{");
    store.save(at(5, 0), tensors(1), () -> tensors(1));
    assertEquals(List.of(5L), CheckpointStore.steps(run));
  }

  @Test
  void shouldReplaceACheckpointOfTheSameStep() {
    CheckpointStore store = store(1);
    store.save(at(4, 0), tensors(1), () -> tensors(1));
    store.save(at(4, 4), tensors(2), () -> tensors(2));
    Checkpoint read = CheckpointStore.newest(run, warnings::add).orElseThrow();
    assertEquals(at(4, 4), read.state());
    assertEquals(2, read.model().get("w").data()[0]);
  }

  @ParameterizedTest
  @ValueSource(strings = {"model.safetensors", "optimizer.safetensors", "state.json"})
  void shouldFallBackWhenAFileIsCutInHalf(String name) throws IOException {
    store(2).save(at(1, 0), tensors(1), () -> tensors(1));
    store(2).save(at(2, 0), tensors(2), () -> tensors(2));
    Path file = run.resolve("checkpoints/step-2").resolve(name);
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, java.util.Arrays.copyOf(bytes, bytes.length / 2));
    assertFallsBack(file);
  }

  @ParameterizedTest
  @ValueSource(strings = {"model.safetensors", "optimizer.safetensors", "state.json"})
  void shouldFallBackWhereverABitFlips(String name) throws IOException {
    store(2).save(at(1, 0), tensors(1), () -> tensors(1));
    store(2).save(at(2, 0), tensors(2), () -> tensors(2));
    Path file = run.resolve("checkpoints/step-2").resolve(name);
    byte[] good = Files.readAllBytes(file);
    for (int at = 0; at < good.length; at++) {
      byte[] bad = good.clone();
      bad[at] = (byte) (bad[at] ^ (1 << (at % 8)));
      Files.write(file, bad);
      assertFallsBack(file);
    }
  }

  private void assertFallsBack(Path file) {
    warnings.clear();
    assertEquals(1, CheckpointStore.newest(run, warnings::add).orElseThrow().state().step());
    assertEquals(1, warnings.size());
    assertTrue(warnings.get(0).contains(file.toString()), warnings.get(0));
    assertTrue(warnings.get(0).contains("going on from step 1"), warnings.get(0));
  }

  @Test
  void shouldFallBackWhenAFileIsMissing() throws IOException {
    store(2).save(at(1, 0), tensors(1), () -> tensors(1));
    store(2).save(at(2, 0), tensors(2), () -> tensors(2));
    Path file = run.resolve("checkpoints/step-2/model.safetensors");
    Files.delete(file);
    assertFallsBack(file);
  }

  @Test
  void shouldSayThatAllAreDamaged() throws IOException {
    store(2).save(at(1, 0), tensors(1), () -> tensors(1));
    Files.delete(run.resolve("checkpoints/step-1/state.json"));
    assertTrue(CheckpointStore.newest(run, warnings::add).isEmpty());
    assertTrue(warnings.get(0).contains("no earlier one"), warnings.get(0));
  }

  @Test
  void shouldNotSaveWeightsThatAreNotNumbers() {
    store(2).save(at(1, 0), tensors(1), () -> tensors(1));
    ProblemException e =
        assertThrows(
            ProblemException.class,
            () -> store(2).save(at(2, 0), tensors(Float.NaN), () -> tensors(1)));
    assertEquals(ProblemKind.DIVERGED, e.kind());
    assertEquals(List.of(1L), CheckpointStore.steps(run));
  }

  @Test
  void shouldNotSaveAnOptimizerThatCouldNotBeReadAgain() {
    store(2).save(at(1, 0), tensors(1), () -> tensors(1));
    ProblemException e =
        assertThrows(
            ProblemException.class,
            () -> store(2).save(at(2, 0), tensors(1), () -> tensors(Float.POSITIVE_INFINITY)));
    assertEquals(ProblemKind.DIVERGED, e.kind());
    assertTrue(e.getMessage().contains("optimizer's number 'w'"), e.getMessage());
    assertEquals(1, CheckpointStore.newest(run, warnings::add).orElseThrow().state().step());
    assertEquals(List.of(), warnings);
  }

  @Test
  void shouldGiveACheckpointItsNameBackThatWasBeingReplaced() throws IOException {
    store(1).save(at(4, 0), tensors(1), () -> tensors(1));
    Path checkpoint = run.resolve("checkpoints/step-4");
    Path replaced = run.resolve("checkpoints/.tmp-replaced-step-4");
    Files.move(checkpoint, replaced); // and here the process was killed
    assertTrue(CheckpointStore.newest(run, warnings::add).isEmpty());
    CheckpointStore.recover(run);
    assertEquals(4, CheckpointStore.newest(run, warnings::add).orElseThrow().state().step());

    // Killed a moment later: the new one has its name, the old one is of no use.
    store(1).save(at(4, 4), tensors(2), () -> tensors(2));
    Files.createDirectories(replaced);
    CheckpointStore.recover(run);
    assertEquals(at(4, 4), CheckpointStore.newest(run, warnings::add).orElseThrow().state());
    CheckpointStore.recover(run.resolve("none"));
    assertEquals(List.of(), warnings);
  }

  @Test
  void shouldSweepUpWhatAKilledProcessLeft() throws IOException {
    Path left = Files.createDirectories(run.resolve("checkpoints/.tmp-step-3-x"));
    Files.writeString(left.resolve("model.safetensors"), "half");
    store(1).save(at(4, 0), tensors(1), () -> tensors(1));
    assertTrue(Files.notExists(left));
  }
}
