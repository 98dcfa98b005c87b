package org.xrv.trainer.engine;

import java.util.List;
import org.xrv.core.tensor.FloatTensor;

/** A graph with fixed weights, ready to run. */
public interface InferenceSession extends AutoCloseable {
  /** Runs the graph, BatchNorm in inference form; inputs and results in the graph's order. */
  List<FloatTensor> run(List<FloatTensor> inputs);

  @Override
  void close();
}
