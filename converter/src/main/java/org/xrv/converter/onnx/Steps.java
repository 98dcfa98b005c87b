package org.xrv.converter.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.xrv.converter.onnx.proto.NodeProto;
import org.xrv.core.graph.Op;

/** The nodes that one node of a file becomes. Values between them are named after its output. */
final class Steps {
  private final GraphReader graph;
  private final NodeProto node;
  private final List<Step> steps = new ArrayList<>();

  Steps(GraphReader graph, NodeProto node) {
    this.graph = graph;
    this.node = node;
  }

  /** A node before the last; returns its value. */
  String add(String what, Op op, String... inputs) {
    String name = graph.fresh(node.getOutput(0) + "." + what);
    steps.add(new Step(name, op, Arrays.asList(inputs), List.of(name)));
    return name;
  }

  String constant(double value) {
    return add("constant", new Op.Constant((float) value));
  }

  /** The last node: it has the name and the first output of the file's. */
  List<Step> last(Op op, String... inputs) {
    return last(op, Arrays.asList(inputs), List.of(node.getOutput(0)));
  }

  List<Step> last(Op op, List<String> inputs, List<String> outputs) {
    steps.add(new Step(node.getName(), op, inputs, outputs));
    return List.copyOf(steps);
  }
}
