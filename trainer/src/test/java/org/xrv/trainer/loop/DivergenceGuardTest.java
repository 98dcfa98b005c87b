package org.xrv.trainer.loop;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xrv.core.dataset.Sample;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.trainer.checkpoint.TrainingState;
import org.xrv.trainer.config.CheckpointSettings;
import org.xrv.trainer.config.GuardSettings;
import org.xrv.trainer.config.TrainConfig;
import org.xrv.trainer.config.TrainSettings;
import org.xrv.trainer.data.Discs;
import org.xrv.trainer.run.Presets;

/** When a run counts as lost. */
class DivergenceGuardTest {
  private static final TrainSettings TRAIN =
      Presets.read(Presets.BASE).as(TrainConfig.class).train();

  /** Lost when the loss is above ten times its median for three steps. */
  private static final GuardSettings TEN_TIMES = new GuardSettings(10, 3, false, 0);

  private static final List<Sample> BATCH = new Discs(2).samples();
  private static final int PIXELS = 100;
  @TempDir Path run;
  private long step;

  private DivergenceGuard guard(GuardSettings settings) {
    return new DivergenceGuard(
        new LoopSettings(run, TRAIN, new CheckpointSettings(0, 0, 2, "mae"), settings));
  }

  /** Steps whose mean losses are these. */
  private void look(DivergenceGuard guard, double... losses) {
    for (double loss : losses) {
      guard.look(++step, 0, loss * PIXELS, PIXELS, 1e-3, BATCH);
    }
  }

  private static double[] times(int count, double loss) {
    return DoubleStream.generate(() -> loss).limit(count).toArray();
  }

  private ProblemException lost(DivergenceGuard guard, double... losses) {
    ProblemException e = assertThrows(ProblemException.class, () -> look(guard, losses));
    assertEquals(ProblemKind.DIVERGED, e.kind());
    return e;
  }

  @Test
  void shouldStopAtALossThatIsNoNumber() {
    assertEquals(
        "training diverged: the loss of step 1 is NaN",
        lost(guard(TEN_TIMES), Double.NaN).getMessage());
    assertEquals(
        "training diverged: the loss of step 2 is Infinity",
        lost(guard(new GuardSettings(0, 1, true, 0)), Double.POSITIVE_INFINITY).getMessage());
  }

  @Test
  void shouldStopWhenTheLossStaysFarAboveItsMedian() {
    DivergenceGuard guard = guard(TEN_TIMES);
    look(guard, times(25, 2));
    ProblemException e = lost(guard, 21, 22, 23);
    assertEquals(28, step);
    assertEquals(
        "training diverged: the loss of step 28 is 23.00, and for 3 steps it was above 10 times the"
            + " run's median of 2.000 (guard.lossFactor)",
        e.getMessage());
  }

  @Test
  void shouldForgiveAFewHardBatches() {
    DivergenceGuard guard = guard(TEN_TIMES);
    look(guard, times(25, 2));
    for (int i = 0; i < 50; i++) {
      look(guard, 1000, 1000, 2);
    }
    lost(guard, 21, 21, 21);
  }

  @Test
  void shouldKnowTheRunBeforeItJudges() {
    DivergenceGuard guard = guard(TEN_TIMES);
    look(guard, times(22, 2));
    assertDoesNotThrow(() -> look(guard, 1000, 1000, 1000), "22 losses are too few");
    DivergenceGuard resumed = guard(TEN_TIMES);
    resumed.recall(Collections.nCopies(25, 2.0));
    lost(resumed, 1000, 1000, 1000);
  }

  @Test
  void shouldFollowALossThatFalls() {
    DivergenceGuard guard = guard(TEN_TIMES);
    for (double loss = 1000; loss > 1; loss *= 0.97) {
      look(guard, loss);
    }
    look(guard, times(600, 1));
    ProblemException e = lost(guard, 11, 11, 11);
    assertTrue(e.getMessage().contains("median of 1.000"), e.getMessage());
  }

  @Test
  void shouldJudgeNothingButNumbersWhenAskedTo() {
    DivergenceGuard never = guard(new GuardSettings(0, 3, false, 0));
    look(never, times(25, 2));
    assertDoesNotThrow(() -> look(never, times(25, 1e9)));
    // A batch that is nearly known by heart has a loss of almost nothing, and then some again.
    DivergenceGuard overfit = guard(new GuardSettings(10, 3, true, 0));
    look(overfit, times(25, 1e-6));
    assertDoesNotThrow(() -> look(overfit, times(25, 1)));
  }

  @Test
  void shouldJudgeNothingWhereNoLabelIsKnown() {
    DivergenceGuard guard = guard(TEN_TIMES);
    look(guard, times(25, 2));
    for (int i = 0; i < 5; i++) {
      guard.look(++step, 0, 0, 0, 1e-3, BATCH);
    }
    lost(guard, 1000, 1000, 1000);
  }

  @Test
  void shouldWriteDownWhatItSaw() throws IOException {
    DivergenceGuard guard = guard(TEN_TIMES);
    look(guard, times(30, 2));
    ProblemException explained = guard.explained(lost(guard, 3, Double.NaN), TrainingState.START);
    Path file = run.resolve("diverged.json");
    assertTrue(explained.getMessage().contains(file + " names the images"), explained.getMessage());
    assertTrue(explained.getMessage().endsWith("--lr 0.00025"), explained.getMessage());
    JsonNode document = new ObjectMapper().readTree(file.toFile());
    assertEquals(32, document.path("step").asInt());
    assertEquals("NaN", document.path("loss").asText());
    assertEquals(2, document.path("medianLoss").asDouble());
    assertTrue(document.path("lastGoodCheckpoint").isNull());
    assertEquals("disc-000", document.path("samples").path(0).path("id").asText());
    assertEquals("discs:0", document.path("samples").path(1).path("patient").asText());
    JsonNode last = document.path("lastLosses");
    assertEquals(25, last.size());
    assertEquals(3, last.path(23).path("loss").asDouble());
  }

  @Test
  void shouldLeaveOtherProblemsAsTheyAre() {
    ProblemException full = new ProblemException(ProblemKind.DISK, "no space left");
    assertEquals(full, guard(TEN_TIMES).explained(full, TrainingState.START));
    assertEquals(0, run.toFile().list().length);
  }
}
