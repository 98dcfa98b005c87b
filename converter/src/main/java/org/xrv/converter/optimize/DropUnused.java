package org.xrv.converter.optimize;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.xrv.converter.onnx.OnnxModel;
import org.xrv.core.graph.Graph;
import org.xrv.core.graph.Node;
import org.xrv.core.graph.Parameter;
import org.xrv.core.tensor.FloatTensor;
import org.xrv.core.tensor.NamedTensors;

/** Nodes that no output depends on are left out, and weights that no node uses. */
public final class DropUnused implements GraphPass {
  @Override
  public String name() {
    return "unused nodes and weights dropped";
  }

  @Override
  public OnnxModel apply(OnnxModel model) {
    Graph graph = model.graph();
    Set<String> needed = new HashSet<>(graph.outputs());
    List<Node> nodes = new ArrayList<>();
    for (int i = graph.nodes().size() - 1; i >= 0; i--) {
      Node node = graph.nodes().get(i);
      if (!Collections.disjoint(needed, node.outputs())) {
        needed.addAll(node.inputs());
        nodes.add(node);
      }
    }
    Collections.reverse(nodes);
    Map<String, Parameter> parameters = new LinkedHashMap<>();
    Map<String, FloatTensor> weights = new LinkedHashMap<>();
    graph
        .parameters()
        .forEach(
            (name, parameter) -> {
              if (needed.contains(name)) {
                parameters.put(name, parameter);
                weights.put(name, model.weights().get(name));
              }
            });
    return new OnnxModel(graph.withNodes(nodes, parameters), new NamedTensors(weights));
  }
}
