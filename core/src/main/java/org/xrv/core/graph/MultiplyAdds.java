package org.xrv.core.graph;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Multiply-adds of a forward pass for one sample: those of convolutions and matrix products, which
 * are nearly all there are. Twice as many are often given as FLOP. What adds, scales or compares
 * element by element counts as nothing.
 */
public final class MultiplyAdds {
  private MultiplyAdds() {}

  /**
   * Counts them.
   *
   * @return by node name, in the graph's order; 0 for nodes that have none
   * @throws IllegalArgumentException when the graph does not fit a batch of one
   */
  public static Map<String, Long> of(Graph graph) {
    Graph single =
        new Graph(
            graph.name(),
            graph.inputs().stream().map(MultiplyAdds::single).toList(),
            graph.outputs(),
            graph.nodes(),
            graph.parameters(),
            graph.metadata());
    Map<String, ValueInfo> values = ShapeInference.infer(single);
    Map<String, Long> counts = new LinkedHashMap<>();
    for (Node node : graph.nodes()) {
      counts.put(node.name(), count(node, values));
    }
    return counts;
  }

  private static ValueInfo single(ValueInfo input) {
    Shape shape = input.shape();
    boolean open = shape.rank() > 0 && shape.dim(0) == Shape.UNKNOWN;
    return new ValueInfo(input.name(), input.type(), open ? shape.withBatch(1) : shape);
  }

  private static long count(Node node, Map<String, ValueInfo> values) {
    Op op = node.op();
    if (op instanceof Op.Conv) {
      // Each output is a sum over the channels of its group and the kernel.
      return Math.multiplyExact(
          elements(node.output(), values), shape(node.input(1), values).elementsFrom(1));
    } else if (op instanceof Op.ConvTranspose) {
      // Each input is spread over as many outputs.
      return Math.multiplyExact(
          elements(node.input(0), values), shape(node.input(1), values).elementsFrom(1));
    } else if (op instanceof Op.Gemm g) {
      int inner = shape(node.input(0), values).dim(g.transA() ? 0 : 1);
      return Math.multiplyExact(elements(node.output(), values), (long) inner);
    } else if (op instanceof Op.MatMul) {
      int inner = shape(node.input(0), values).dim(-1);
      return Math.multiplyExact(elements(node.output(), values), (long) inner);
    }
    return 0;
  }

  private static Shape shape(String value, Map<String, ValueInfo> values) {
    return values.get(value).shape();
  }

  private static long elements(String value, Map<String, ValueInfo> values) {
    return shape(value, values).elements();
  }
}
