package org.xrv.trainer.run;

import java.nio.file.Path;
import java.util.function.Consumer;
import org.xrv.trainer.config.RunConfig;
import org.xrv.trainer.engine.Engine;

/**
 * What settings leave to the machine, decided once for a run: precision, then the batch size, which
 * depends on it.
 *
 * @param automaticBatch whether the batch size is to be decided
 */
record Decisions(
    Engine engine, Runnable stopCheck, Consumer<String> messages, boolean automaticBatch) {

  /** The settings with everything decided. */
  <C extends RunConfig> C of(C settings, Class<C> type, Path run, Resume resume) {
    C config = new PrecisionChoice(engine, stopCheck, messages).decide(settings, type, run, resume);
    return automaticBatch
        ? new BatchChoice(engine, stopCheck, messages).decide(config, type, run, resume)
        : config;
  }
}
