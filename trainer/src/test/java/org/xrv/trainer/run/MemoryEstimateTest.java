package org.xrv.trainer.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.trainer.config.TrainConfig;
import org.xrv.trainer.engine.DjlEngine;
import org.xrv.trainer.log.ProcessMemory;

/** Batch sizes that fit, from the memory of a few small steps. */
class MemoryEstimateTest {
  private static DjlEngine engine;

  @BeforeAll
  static void open() {
    engine = DjlEngine.open();
  }

  @AfterAll
  static void close() {
    engine.close();
  }

  private static TrainConfig config() {
    return Presets.read(Presets.BASE)
        .put("model.depth", 50)
        .put("model.width", 0.25)
        .put("model.bottleneck", "64x2x2")
        .put("model.resolution", 64)
        .as(TrainConfig.class);
  }

  @Test
  void shouldFindABatchThatALimitHolds() {
    Assumptions.assumeTrue(ProcessMemory.resident().isPresent(), "this system tells no memory");
    try (StepTrial trial = new StepTrial(engine, config())) {
      long limit = ProcessMemory.resident().getAsLong() + (1100L << 20);
      MemoryEstimate estimate =
          MemoryEstimate.measure(trial, 1, trial.base(), limit, 64, () -> {}).orElseThrow();
      int batch = MemoryEstimate.round(estimate.fits(limit), 1);
      assertTrue(batch >= 16 && batch <= 256, batch + ", " + estimate);
      ProcessMemory.forgetPeak();
      trial.step(batch);
      long peak = ProcessMemory.peak().orElseThrow();
      assertTrue(peak <= limit, peak + " of " + limit + " at " + batch + ", " + estimate);

      // Now the process holds what that step freed. It must not be taken for what steps need.
      MemoryEstimate again =
          MemoryEstimate.measure(trial, 1, trial.base(), limit, 64, () -> {}).orElseThrow();
      // The heap's size, of which collections let go, is in both: twice as much is no surprise.
      double ratio = again.perImage() / estimate.perImage();
      assertTrue(ratio > 0.3 && ratio < 3, again + ", " + estimate);
    }
  }

  @Test
  void shouldTryNothingThatMightNotFit() {
    Assumptions.assumeTrue(ProcessMemory.resident().isPresent(), "this system tells no memory");
    try (StepTrial trial = new StepTrial(engine, config())) {
      AtomicInteger steps = new AtomicInteger();
      double full = trial.base();
      MemoryEstimate careful =
          MemoryEstimate.measure(trial, 1, full, (long) full, 64, steps::incrementAndGet)
              .orElseThrow();
      assertEquals(2, steps.get(), "of 2 images only: twice as many may need twice the memory");
      assertEquals(0, careful.fits((long) full));
    }
  }

  @Test
  void shouldLeaveAMargin() {
    MemoryEstimate estimate = new MemoryEstimate(1e9, 1e8);
    assertEquals(80, estimate.fits(10_000_000_000L), "9 GB of 10, less 1, at 0.1 each");
    assertEquals(0, estimate.fits(1_000_000_000L));
    estimate.requireRoom(90, 1, 10_000_000_000L); // needs all, and has all
    ProblemException e =
        assertThrows(ProblemException.class, () -> estimate.requireRoom(91, 1, 10_000_000_000L));
    assertEquals(ProblemKind.OUT_OF_MEMORY, e.kind());
    assertEquals(
        "batch size 91 needs about 10.1 GB of memory and 10.0 GB are there; try --batch 64",
        e.getMessage());
    ProblemException nothing =
        assertThrows(ProblemException.class, () -> estimate.requireRoom(8, 8, 1_500_000_000L));
    assertTrue(nothing.getMessage().endsWith("try a smaller --width or --resolution"));
  }

  @Test
  void shouldCountWhatARunHoldsBesideItsSteps() {
    TrainConfig config = config();
    MemoryEstimate steps = new MemoryEstimate(0, 1);
    double few = steps.withRun(config, 10).fixed();
    double more = steps.withRun(config, 1010).fixed();
    assertEquals(1000 * 4 * 64 * 64, more - few, 1e-3, "a thousand decoded images");
    TrainConfig packed =
        org.xrv.core.config.ConfigTree.of("settings", config)
            .put("data.cache", "somewhere")
            .as(TrainConfig.class);
    assertEquals(2 * MemoryEstimate.checkpoint(config), steps.withRun(packed, 1010).fixed());
    // Weights, both moments, and AMSGrad's; BatchNorm's statistics are not trained.
    assertTrue(MemoryEstimate.checkpoint(config) >= 16.0 * config.network().trainableCount());
  }

  @ParameterizedTest
  @CsvSource({
    "0, 1, 0",
    "1, 1, 1",
    "2, 1, 2",
    "3, 1, 3",
    "5, 1, 4",
    "7, 1, 6",
    "11, 1, 8",
    "12, 1, 12",
    "100, 1, 96",
    "5, 3, 3",
    "6, 3, 6",
    "2, 3, 0",
    "47, 4, 32",
    "48, 4, 48"
  })
  void shouldRoundDownToTwoPowersAndTheirHalvesMore(int most, int parts, int expected) {
    assertEquals(expected, MemoryEstimate.round(most, parts));
  }
}
