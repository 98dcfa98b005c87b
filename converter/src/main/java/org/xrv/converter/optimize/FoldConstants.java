package org.xrv.converter.optimize;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.xrv.converter.onnx.OnnxModel;
import org.xrv.converter.onnx.OnnxWriter;
import org.xrv.converter.onnxruntime.OnnxRunner;
import org.xrv.core.graph.ElementType;
import org.xrv.core.graph.Graph;
import org.xrv.core.graph.Node;
import org.xrv.core.graph.Op;
import org.xrv.core.graph.Parameter;
import org.xrv.core.graph.ParameterKind;
import org.xrv.core.graph.ShapeInference;
import org.xrv.core.graph.ValueInfo;
import org.xrv.core.tensor.FloatTensor;
import org.xrv.core.tensor.NamedTensors;

/**
 * What depends on weights and constants only is computed once, by ONNX Runtime, and becomes a
 * weight under the value's name. Values of other types than float32 stay nodes, as weights are
 * float32; so do outputs of the graph.
 */
public final class FoldConstants implements GraphPass {
  private static final int THREADS = 1;

  @Override
  public String name() {
    return "constants folded";
  }

  @Override
  public OnnxModel apply(OnnxModel model) {
    Graph graph = model.graph();
    Map<String, ValueInfo> values = ShapeInference.infer(graph);
    Set<String> constant = new HashSet<>(graph.parameters().keySet());
    List<Node> constantNodes = new ArrayList<>();
    Set<Node> folded = new HashSet<>();
    for (Node node : graph.nodes()) {
      if (constant.containsAll(node.inputs())) {
        constant.addAll(node.outputs());
        constantNodes.add(node);
        if (folds(graph, node, values)) {
          folded.add(node);
        }
      }
    }
    Set<String> wanted = new LinkedHashSet<>();
    Uses uses = new Uses(graph);
    for (Node node : folded) {
      for (String output : node.outputs()) {
        if (!folded.containsAll(uses.of(output))) {
          wanted.add(output);
        }
      }
    }
    if (wanted.isEmpty()) {
      return model;
    }
    Graph part =
        new Graph(
            graph.name() + ".constants",
            List.of(),
            List.copyOf(wanted),
            constantNodes,
            graph.parameters(),
            Map.of());
    Map<String, Parameter> parameters = new LinkedHashMap<>(graph.parameters());
    Map<String, FloatTensor> weights = new LinkedHashMap<>(model.weights().tensors());
    computed(part, model.weights())
        .forEach(
            (name, tensor) -> {
              parameters.put(name, new Parameter(name, tensor.shape(), ParameterKind.CONSTANT));
              weights.put(name, tensor);
            });
    List<Node> nodes = graph.nodes().stream().filter(n -> !folded.contains(n)).toList();
    return new OnnxModel(graph.withNodes(nodes, parameters), new NamedTensors(weights));
  }

  private static boolean folds(Graph graph, Node node, Map<String, ValueInfo> values) {
    return !(node.op() instanceof Op.Constant)
        && node.outputs().stream()
            .allMatch(
                o -> values.get(o).type() == ElementType.FLOAT && !graph.outputs().contains(o));
  }

  private static Map<String, FloatTensor> computed(Graph part, NamedTensors weights) {
    byte[] file =
        OnnxWriter.bytes(new DropUnused().apply(new OnnxModel(part, weights)).graph(), weights);
    try (OnnxRunner runner = OnnxRunner.open(part.name(), file, THREADS)) {
      return runner.run(Map.of());
    }
  }
}
