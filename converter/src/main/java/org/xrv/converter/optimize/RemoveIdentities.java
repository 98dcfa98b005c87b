package org.xrv.converter.optimize;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.xrv.converter.onnx.OnnxModel;
import org.xrv.core.graph.Graph;
import org.xrv.core.graph.Node;
import org.xrv.core.graph.Op;
import org.xrv.core.graph.Shape;
import org.xrv.core.graph.ShapeInference;
import org.xrv.core.graph.ValueInfo;

/**
 * Nodes that hand their input on are left out: Identity (which Dropout is, too), a Cast to the same
 * type, a Pad by nothing, a Concat of one, a Transpose into the same order, a Reshape or Flatten
 * into the same shape. Where one makes an output of the graph, the node before it takes over the
 * output's name; it stays where that node is an output itself, and where the output is an input.
 */
public final class RemoveIdentities implements GraphPass {
  @Override
  public String name() {
    return "nodes without effect removed";
  }

  @Override
  public OnnxModel apply(OnnxModel model) {
    Graph graph = model.graph();
    Map<String, ValueInfo> values = ShapeInference.infer(graph);
    Uses uses = new Uses(graph);
    Map<String, String> source = new HashMap<>(); // from what is handed on to where it comes from
    Map<String, String> outputName = new HashMap<>(); // of a value that becomes an output
    List<Node> kept = new ArrayList<>();
    for (Node node : graph.nodes()) {
      String x = node.inputs().isEmpty() ? "" : source.getOrDefault(node.input(0), node.input(0));
      if (!handsOn(node, values)) {
        kept.add(node);
      } else if (!uses.isOutput(node.output())) {
        source.put(node.output(), x);
      } else if (uses.maker(x).isPresent() && !uses.isOutput(x) && !outputName.containsKey(x)) {
        source.put(node.output(), x);
        outputName.put(x, node.output());
      } else {
        kept.add(node);
      }
    }
    List<Node> nodes = new ArrayList<>();
    for (Node node : kept) {
      nodes.add(
          new Node(
              node.name(),
              node.op(),
              named(node.inputs(), source, outputName),
              named(node.outputs(), source, outputName)));
    }
    return new OnnxModel(graph.withNodes(nodes, graph.parameters()), model.weights());
  }

  private static List<String> named(
      List<String> names, Map<String, String> source, Map<String, String> outputName) {
    return names.stream()
        .map(n -> source.getOrDefault(n, n))
        .map(n -> outputName.getOrDefault(n, n))
        .toList();
  }

  private static boolean handsOn(Node node, Map<String, ValueInfo> values) {
    Op op = node.op();
    if (op instanceof Op.Identity) {
      return true;
    } else if (op instanceof Op.Cast c) {
      return values.get(node.input(0)).type() == c.to();
    } else if (op instanceof Op.Pad p) {
      return p.pads().stream().allMatch(n -> n == 0);
    } else if (op instanceof Op.Concat) {
      return node.inputs().size() == 1;
    } else if (op instanceof Op.Transpose t) {
      return t.permutation().equals(t.permutation().stream().sorted().toList());
    } else if (op instanceof Op.Reshape || op instanceof Op.Flatten) {
      return sameShape(values.get(node.input(0)).shape(), values.get(node.output()).shape());
    }
    return false;
  }

  /** With two open dimensions nobody knows which is which. */
  private static boolean sameShape(Shape a, Shape b) {
    Optional<Integer> second =
        a.dims().stream().filter(d -> d == Shape.UNKNOWN).skip(1).findFirst();
    return a.equals(b) && second.isEmpty();
  }
}
