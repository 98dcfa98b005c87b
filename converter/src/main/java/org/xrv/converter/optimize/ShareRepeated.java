package org.xrv.converter.optimize;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.xrv.converter.onnx.OnnxModel;
import org.xrv.core.graph.Graph;
import org.xrv.core.graph.Node;
import org.xrv.core.graph.Op;

/**
 * A node that does the same to the same values as an earlier one is left out, its users taking the
 * earlier one's outputs. Nodes that make an output of the graph stay, as outputs keep their names.
 */
public final class ShareRepeated implements GraphPass {
  private record Work(Op op, List<String> inputs, int outputs) {}

  @Override
  public String name() {
    return "repeated nodes shared";
  }

  @Override
  public OnnxModel apply(OnnxModel model) {
    Graph graph = model.graph();
    Map<Work, Node> done = new HashMap<>();
    Map<String, String> same = new HashMap<>();
    List<Node> nodes = new ArrayList<>();
    for (Node given : graph.nodes()) {
      List<String> inputs = given.inputs().stream().map(i -> same.getOrDefault(i, i)).toList();
      Node node = new Node(given.name(), given.op(), inputs, given.outputs());
      Node earlier = done.putIfAbsent(new Work(node.op(), inputs, node.outputs().size()), node);
      if (earlier == null || node.outputs().stream().anyMatch(graph.outputs()::contains)) {
        nodes.add(node);
      } else {
        for (int i = 0; i < node.outputs().size(); i++) {
          same.put(node.outputs().get(i), earlier.outputs().get(i));
        }
      }
    }
    return new OnnxModel(graph.withNodes(nodes, graph.parameters()), model.weights());
  }
}
