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
   * @return the loss of the batch before the step: the sum over its elements
   */
  double step(FloatTensor input, FloatTensor target, double learningRate);

  /** The graph's only output in inference form (running statistics), with the present weights. */
  FloatTensor predict(FloatTensor input);

  /** A copy of weights and running statistics by the graph's parameter names. */
  NamedTensors weights();

  /**
   * A copy of the moments: "exp_avg/NAME", "exp_avg_sq/NAME" and with AMSGrad
   * "max_exp_avg_sq/NAME".
   */
  NamedTensors optimizerState();

  /** How many optimizer steps were taken. */
  long steps();

  /** Puts back what {@link #weights}, {@link #optimizerState} and {@link #steps} gave. */
  void restore(NamedTensors weights, NamedTensors optimizerState, long steps);

  @Override
  void close();
}
