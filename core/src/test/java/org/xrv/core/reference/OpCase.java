package org.xrv.core.reference;

import java.util.List;
import org.xrv.core.graph.Graph;
import org.xrv.core.tensor.FloatTensor;
import org.xrv.core.tensor.NamedTensors;

/**
 * A small graph with its weights and inputs; all inputs are float, all outputs are float.
 *
 * @param name says what is special about it
 * @param inputs in the graph's order
 */
public record OpCase(String name, Graph graph, NamedTensors weights, List<FloatTensor> inputs) {
  public OpCase {
    weights.requireFor(graph);
    inputs = List.copyOf(inputs);
  }

  /** The graph's outputs by the reference. */
  public List<DoubleTensor> expected() {
    return ReferenceExecutor.run(graph, weights, inputs);
  }

  @Override
  public String toString() {
    return name;
  }
}
