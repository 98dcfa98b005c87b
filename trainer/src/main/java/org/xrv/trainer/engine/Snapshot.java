package org.xrv.trainer.engine;

import org.xrv.core.tensor.NamedTensors;

/**
 * A session's weights and optimizer state at one step, in the engine's memory, while the session
 * goes on. Read it from any one thread; close it before the session.
 */
public interface Snapshot extends AutoCloseable {
  /** As {@link TrainingSession#weights}. */
  NamedTensors weights();

  /** As {@link TrainingSession#optimizerState}. */
  NamedTensors optimizerState();

  @Override
  void close();
}
