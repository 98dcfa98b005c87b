package org.xrv.trainer.engine;

import org.xrv.core.tensor.FloatTensor;
import org.xrv.core.tensor.NamedTensors;

/** Weights and optimizer state in the engine's memory, changed step by step. */
public interface TrainingSession extends AutoCloseable {
  /**
   * Forward in training mode, backward, one optimizer step.
   *
   * @param input [N, C, H, W]
   * @param target of the output's shape; for an autoencoder the input itself
   * @param learningRate of this step
   */
  StepResult step(FloatTensor input, FloatTensor target, double learningRate);

  /** The graph's only output in inference form (running statistics), with {@link #weights}. */
  FloatTensor predict(FloatTensor input);

  /**
   * A copy of weights and running statistics by the graph's parameter names; of their moving
   * average, when the recipe has one.
   */
  NamedTensors weights();

  /**
   * A copy of the moments: "exp_avg/NAME", "exp_avg_sq/NAME" and with AMSGrad
   * "max_exp_avg_sq/NAME"; with averaging, "stepped/NAME": the weights that steps change.
   */
  NamedTensors optimizerState();

  /** A copy of both in the engine's memory, which takes a fraction of a second to make. */
  Snapshot snapshot();

  /** How many optimizer steps were taken. */
  long steps();

  /** Puts back what {@link #weights}, {@link #optimizerState} and {@link #steps} gave. */
  void restore(NamedTensors weights, NamedTensors optimizerState, long steps);

  @Override
  void close();
}
