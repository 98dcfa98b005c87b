package org.xrv.converter.onnx;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.xrv.converter.onnx.proto.GraphProto;
import org.xrv.converter.onnx.proto.NodeProto;

/** Says why a value is not there when it is needed. */
final class NodeOrder {
  private final Map<String, NodeProto> makers = new HashMap<>();

  NodeOrder(GraphProto graph) {
    for (NodeProto node : graph.getNodeList()) {
      node.getOutputList().forEach(o -> makers.putIfAbsent(o, node));
    }
  }

  String whyUndefined(String value) {
    NodeProto maker = makers.get(value);
    if (maker == null) {
      return "input '" + value + "' is not defined before it, or not a float tensor";
    }
    String name = maker.getName().isEmpty() ? value : maker.getName();
    return "input '"
        + value
        + "' is made by node '"
        + name
        + "' ("
        + maker.getOpType()
        + ") behind it; "
        + (isCyclic(value)
            ? "the graph has a cycle"
            : "ONNX wants nodes in the order of their use, export again");
  }

  private boolean isCyclic(String value) {
    Set<String> seen = new HashSet<>();
    Deque<String> open = new ArrayDeque<>();
    open.add(value);
    while (!open.isEmpty()) {
      NodeProto node = makers.get(open.poll());
      if (node != null) {
        for (String input : node.getInputList()) {
          if (input.equals(value)) {
            return true;
          }
          if (seen.add(input)) {
            open.add(input);
          }
        }
      }
    }
    return false;
  }
}
