package org.xrv.core.reference;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.xrv.core.graph.Graph;
import org.xrv.core.graph.Node;
import org.xrv.core.graph.Op;
import org.xrv.core.tensor.FloatTensor;
import org.xrv.core.tensor.NamedTensors;

/**
 * Runs a graph node by node with the ONNX meaning of each op (opset 17,
 * https://onnx.ai/onnx/operators/), each element of a result by its formula. For tests: what it
 * wants in speed it gives in plainness.
 */
public final class ReferenceExecutor {
  private ReferenceExecutor() {}

  /**
   * What a run gives.
   *
   * @param values all values by name, inputs and parameters included
   * @param statistics in training form, the new running statistics by parameter name
   */
  public record Result(Map<String, DoubleTensor> values, Map<String, DoubleTensor> statistics) {
    public Result {
      values = Map.copyOf(values);
      statistics = Map.copyOf(statistics);
    }
  }

  /** The graph's outputs, BatchNormalization in inference form. */
  public static List<DoubleTensor> run(Graph graph, NamedTensors weights, List<FloatTensor> in) {
    Map<String, DoubleTensor> given = new LinkedHashMap<>(parameters(graph, weights));
    for (int i = 0; i < in.size(); i++) {
      given.put(graph.inputs().get(i).name(), DoubleTensor.of(in.get(i)));
    }
    Map<String, DoubleTensor> values = run(graph, given, false).values();
    return graph.outputs().stream().map(values::get).toList();
  }

  /** The weights as the graph's parameters. */
  public static Map<String, DoubleTensor> parameters(Graph graph, NamedTensors weights) {
    weights.requireFor(graph);
    Map<String, DoubleTensor> given = new LinkedHashMap<>();
    graph.parameters().keySet().forEach(p -> given.put(p, DoubleTensor.of(weights.get(p))));
    return given;
  }

  /**
   * Runs every node.
   *
   * @param given inputs and parameters by name
   * @param training whether BatchNormalization uses the statistics of the batch
   */
  public static Result run(Graph graph, Map<String, DoubleTensor> given, boolean training) {
    Map<String, DoubleTensor> values = new HashMap<>(given);
    Map<String, DoubleTensor> statistics = new HashMap<>();
    for (Node node : graph.nodes()) {
      List<DoubleTensor> in = new ArrayList<>();
      for (String input : node.inputs()) {
        in.add(values.get(input));
      }
      List<DoubleTensor> out;
      if (training && node.op() instanceof Op.BatchNormalization b) {
        Normalizations.Trained trained = Normalizations.trained(b, in);
        statistics.put(node.input(3), trained.mean());
        statistics.put(node.input(4), trained.variance());
        out = List.of(trained.y());
      } else {
        out = Kernels.of(node.op()).run(node.op(), in);
      }
      for (int i = 0; i < node.outputs().size(); i++) {
        values.put(node.outputs().get(i), out.get(i));
      }
    }
    return new Result(values, statistics);
  }

  /**
   * The number that a float attribute stands for: 1e-5f is 0.00001, not 0.00000999999974737875.
   * Float32 cannot tell the two apart, float64 can.
   */
  static double decimal(float attribute) {
    return Double.parseDouble(Float.toString(attribute));
  }
}
