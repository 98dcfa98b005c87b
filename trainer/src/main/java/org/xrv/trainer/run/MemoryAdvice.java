package org.xrv.trainer.run;

import java.util.Optional;
import org.xrv.core.error.ProblemException;
import org.xrv.trainer.config.RunConfig;
import org.xrv.trainer.engine.Engine;
import org.xrv.trainer.log.ByteCounts;
import org.xrv.trainer.log.ProcessMemory;
import org.xrv.trainer.loop.MemoryShortage;

/**
 * When memory ran out in the engine: the batch size that would have fitted.
 *
 * @param base bytes that the process held before training began
 */
record MemoryAdvice(Engine engine, RunConfig config, double base) {
  /** To be asked for before training begins. */
  static MemoryAdvice about(Engine engine, RunConfig config) {
    return new MemoryAdvice(engine, config, ProcessMemory.resident().orElse(0));
  }

  /** The failure with that batch size in its message, if it is one of memory and there is one. */
  ProblemException better(ProblemException failure) {
    if (!MemoryShortage.inEngine(failure) || engine.onGpu()) {
      return failure;
    }
    // What the process came to before it was refused more is there for sure.
    long limit = ProcessMemory.peak().orElse(0);
    int parts = config.train().accumulate();
    int batch = config.train().batch();
    try (StepTrial trial = new StepTrial(engine, config)) {
      Optional<MemoryEstimate> estimate =
          MemoryEstimate.measure(trial, parts, base, limit, batch / 2, () -> {});
      int fits =
          estimate
              .map(e -> MemoryEstimate.round(Math.min(e.fits(limit), batch - 1), parts))
              .orElse(0);
      return fits == 0
          ? failure
          : MemoryShortage.advised(
              failure,
              batch,
              fits,
              "each image takes about "
                  + ByteCounts.text(estimate.orElseThrow().perImage())
                  + ", and memory ended at "
                  + ByteCounts.text(limit));
    } catch (RuntimeException | OutOfMemoryError e) {
      // Not even a few images fit any more.
      return failure;
    }
  }
}
