package org.xrv.converter.onnx;

import org.xrv.converter.onnx.proto.TensorProto;
import org.xrv.core.graph.ElementType;

/** Element types by ONNX's numbers. */
final class ElementTypes {
  private ElementTypes() {}

  static ElementType of(int number) {
    return switch (number) {
      case TensorProto.DataType.FLOAT_VALUE -> ElementType.FLOAT;
      case TensorProto.DataType.DOUBLE_VALUE -> ElementType.DOUBLE;
      case TensorProto.DataType.FLOAT16_VALUE -> ElementType.FLOAT16;
      case TensorProto.DataType.INT64_VALUE -> ElementType.INT64;
      case TensorProto.DataType.BOOL_VALUE -> ElementType.BOOL;
      default -> throw new IllegalArgumentException("element type " + number + " is not known");
    };
  }
}
