package org.xrv.converter.onnx;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.xrv.converter.onnx.proto.GraphProto;

/** Unique names: those of the file are kept, others are made beside them. */
final class Names {
  private final Set<String> values = new HashSet<>();
  private final Set<String> nodes = new HashSet<>();
  private final Map<String, Integer> repeated = new HashMap<>();

  Names(GraphProto graph, Weights weights) {
    graph.getInputList().forEach(i -> values.add(i.getName()));
    graph.getNodeList().forEach(n -> values.addAll(n.getOutputList()));
    values.addAll(weights.floats().keySet());
    values.addAll(weights.integers().keySet());
  }

  /** A name for a value that the file does not have. */
  String value(String base) {
    return unique(values, base, "v");
  }

  /** The name of a node, itself or with a number when another node has it. */
  String node(String base) {
    return unique(nodes, base, "n");
  }

  private String unique(Set<String> taken, String base, String kind) {
    if (taken.add(base)) {
      return base;
    }
    // Counting goes on where it ended, so that many equal names take no longer.
    String name;
    do {
      name = base + "." + repeated.merge(kind + base, 1, Integer::sum);
    } while (!taken.add(name));
    return name;
  }
}
