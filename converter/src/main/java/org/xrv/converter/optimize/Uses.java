package org.xrv.converter.optimize;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.xrv.core.graph.Graph;
import org.xrv.core.graph.Node;

/** Who makes and who uses each value of a graph. */
final class Uses {
  private final Map<String, List<Node>> users = new HashMap<>();
  private final Map<String, Node> makers = new HashMap<>();
  private final Set<String> outputs;

  Uses(Graph graph) {
    for (Node node : graph.nodes()) {
      node.inputs().forEach(i -> users.computeIfAbsent(i, k -> new ArrayList<>()).add(node));
      node.outputs().forEach(o -> makers.put(o, node));
    }
    outputs = new HashSet<>(graph.outputs());
  }

  /** The node that makes a value; empty for inputs and parameters. */
  Optional<Node> maker(String value) {
    return Optional.ofNullable(makers.get(value));
  }

  /** The node that is the only use of a value: it uses it once, and the caller does not get it. */
  Optional<Node> only(String value) {
    List<Node> all = of(value);
    return all.size() == 1 && !outputs.contains(value) ? Optional.of(all.get(0)) : Optional.empty();
  }

  /** The nodes that use a value, as often as they do. */
  List<Node> of(String value) {
    return users.getOrDefault(value, List.of());
  }

  boolean isOutput(String value) {
    return outputs.contains(value);
  }
}
