package org.xrv.converter.onnx;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.xrv.converter.onnx.proto.NodeProto;
import org.xrv.core.graph.Op;
import org.xrv.core.graph.Shape;
import org.xrv.core.tensor.FloatTensor;

/**
 * Networks of 8 bits read as what they approximate: the float32 network that has their weights.
 * Quantising values is then no step at all, which is also what gradients through it assume (the
 * straight-through estimator of Bengio et al. 2013).
 */
final class Quantised {
  private Quantised() {}

  static boolean isQuantised(NodeProto node) {
    return switch (node.getOpType()) {
      case "DynamicQuantizeLinear", "ConvInteger", "MatMulInteger" -> true;
      default -> false;
    };
  }

  /** Values are their own quantised form, of scale 1 and zero point 0. */
  static List<Step> steps(NodeProto node, Supplier<Op> convolution) {
    String name = node.getName();
    String output = node.getOutput(0);
    if (node.getOpType().equals("DynamicQuantizeLinear")) {
      return List.of(
          new Step(name, new Op.Identity(), List.of(node.getInput(0)), List.of(output)),
          new Step("", new Op.Constant(1), List.of(), List.of(node.getOutput(1))));
    }
    if (node.getInputCount() > 3 && !node.getInput(3).isEmpty()) {
      throw new IllegalArgumentException("weights with a zero point are not known");
    }
    Op op = node.getOpType().equals("ConvInteger") ? convolution.get() : new Op.MatMul();
    return List.of(
        new Step(name, op, List.of(node.getInput(0), node.getInput(1)), List.of(output)));
  }

  /** The weights that a DequantizeLinear makes of 8-bit ones: w = q * scale, per channel. */
  static FloatTensor weights(
      NodeProto node, Map<String, FloatTensor> floats, Attributes attributes) {
    FloatTensor q = floats.get(node.getInput(0));
    FloatTensor scale = node.getInputCount() > 1 ? floats.get(node.getInput(1)) : null;
    if (q == null || scale == null || (node.getInputCount() > 2 && !node.getInput(2).isEmpty())) {
      throw new IllegalArgumentException("8-bit weights without a zero point only are known");
    }
    Shape shape = q.shape();
    boolean one = scale.data().length == 1;
    int axis = attributes.integer("axis", 1);
    int positive = axis < 0 ? axis + shape.rank() : axis;
    if (!one && scale.data().length != shape.dim(positive)) {
      throw new IllegalArgumentException(
          scale.data().length + " scales for axis " + axis + " of " + shape);
    }
    int inner = one ? 1 : (int) shape.elementsFrom(positive + 1);
    float[] w = new float[q.data().length];
    for (int i = 0; i < w.length; i++) {
      w[i] = q.data()[i] * scale.data()[one ? 0 : i / inner % scale.data().length];
    }
    return new FloatTensor(shape, w);
  }
}
