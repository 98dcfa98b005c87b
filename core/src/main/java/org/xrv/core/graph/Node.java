package org.xrv.core.graph;

import java.util.List;
import java.util.Objects;

/**
 * One operation.
 *
 * @param name unique in its graph
 * @param inputs names of graph inputs, parameters or outputs of earlier nodes, in ONNX's order for
 *     the op
 * @param outputs names of the values it makes, unique in the graph
 */
public record Node(String name, Op op, List<String> inputs, List<String> outputs) {
  public Node {
    Objects.requireNonNull(op);
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    if (name.isEmpty() || outputs.isEmpty()) {
      throw new IllegalArgumentException("node '" + name + "' with outputs " + outputs);
    }
  }

  public String input(int i) {
    return inputs.get(i);
  }

  public String output() {
    return outputs.get(0);
  }
}
