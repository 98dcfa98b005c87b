package org.xrv.trainer.engine;

import org.xrv.converter.torchscript.Numerics;
import org.xrv.converter.torchscript.TrainingRecipe;
import org.xrv.core.graph.Graph;
import org.xrv.core.tensor.NamedTensors;

/**
 * A tensor engine that trains and runs graphs. Sessions own native memory: close them before the
 * engine. Not for several threads at once.
 */
public interface Engine extends AutoCloseable {
  /** Name and version of what computes, with the number of threads; for provenance. */
  String description();

  /** Whether it computes in a GPU's memory, of which too much can be asked without harm. */
  boolean onGpu();

  /** Loads a graph and its first weights for training. */
  TrainingSession train(
      Graph graph, NamedTensors weights, TrainingRecipe recipe, Numerics numerics);

  /** Loads a graph for inference. */
  InferenceSession infer(Graph graph, NamedTensors weights);

  @Override
  void close();
}
