package org.xrv.converter.onnx;

import java.util.List;
import org.xrv.converter.onnx.proto.NodeProto;
import org.xrv.core.graph.Shape;

/** What a node of a file says and what is known of its inputs. */
record NodeInput(GraphReader graph, NodeProto node, Attributes attributes, long opset) {
  /** The name of an input, empty where it is left out. */
  String name(int i) {
    return i < node.getInputCount() ? node.getInput(i) : "";
  }

  boolean has(int i) {
    return !name(i).isEmpty();
  }

  Shape shape(int i) {
    return graph.shape(name(i));
  }

  /** An axis of the first input, counted from the front. */
  int axis(int axis) {
    int rank = shape(0).rank();
    int positive = axis < 0 ? axis + rank : axis;
    if (positive < 0 || positive >= rank) {
      throw new IllegalArgumentException("axis " + axis + " of " + shape(0));
    }
    return positive;
  }

  /** A number that may be an attribute or a constant input. */
  float number(String attribute, int i, float otherwise) {
    return has(i) ? number(i) : attributes.real(attribute, otherwise);
  }

  float number(int i) {
    Float value = graph.scalar(name(i));
    if (value == null) {
      throw new IllegalArgumentException("'" + name(i) + "' is no constant number");
    }
    return value;
  }

  IntegerTensor constants(int i, String what) {
    IntegerTensor values = graph.integers(name(i));
    if (values == null) {
      throw new IllegalArgumentException("its " + what + " is not constant");
    }
    return values;
  }

  /** The axes that a node names, as attribute or input; empty where it names none. */
  List<Integer> axes() {
    if (attributes.has("axes")) {
      return attributes.ints("axes", List.of());
    }
    return has(1) ? constants(1, "axes").ints() : List.of();
  }
}
