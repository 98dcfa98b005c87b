package org.xrv.converter.onnx;

import java.util.List;
import java.util.Optional;
import org.xrv.converter.onnx.proto.NodeProto;

/**
 * Computes what exporters leave as nodes on single constant numbers, such as the scale of
 * attention.
 */
final class ScalarFolding {
  private ScalarFolding() {}

  /** The result, where the op is one of a number or two. */
  static Optional<Float> fold(NodeProto node, List<Float> in) {
    float a = in.get(0);
    if (in.size() == 2) {
      float b = in.get(1);
      return Optional.ofNullable(
          switch (node.getOpType()) {
            case "Add" -> a + b;
            case "Sub" -> a - b;
            case "Mul" -> a * b;
            case "Div" -> a / b;
            case "Pow" -> (float) Math.pow(a, b);
            case "Min" -> Math.min(a, b);
            case "Max" -> Math.max(a, b);
            default -> null;
          });
    } else if (in.size() != 1) {
      return Optional.empty();
    }
    return Optional.ofNullable(
        switch (node.getOpType()) {
          case "Identity" -> a;
          case "Sqrt" -> (float) Math.sqrt(a);
          case "Exp" -> (float) Math.exp(a);
          case "Log" -> (float) Math.log(a);
          case "Reciprocal" -> 1 / a;
          case "Neg" -> -a;
          case "Abs" -> Math.abs(a);
          case "Floor" -> (float) Math.floor(a);
          case "Ceil" -> (float) Math.ceil(a);
          default -> null;
        });
  }
}
