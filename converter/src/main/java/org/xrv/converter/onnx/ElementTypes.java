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
      default -> throw new IllegalArgumentException(name(number) + " is no type of a graph");
    };
  }

  static int number(ElementType type) {
    return switch (type) {
      case FLOAT -> TensorProto.DataType.FLOAT_VALUE;
      case DOUBLE -> TensorProto.DataType.DOUBLE_VALUE;
      case FLOAT16 -> TensorProto.DataType.FLOAT16_VALUE;
      case INT64 -> TensorProto.DataType.INT64_VALUE;
      case BOOL -> TensorProto.DataType.BOOL_VALUE;
    };
  }

  /** Whether it is one of the types of real numbers that are read as float32. */
  static boolean isReal(int number) {
    return switch (number) {
      case TensorProto.DataType.FLOAT_VALUE,
          TensorProto.DataType.DOUBLE_VALUE,
          TensorProto.DataType.FLOAT16_VALUE,
          TensorProto.DataType.BFLOAT16_VALUE ->
          true;
      default -> false;
    };
  }

  /** Whether it is one of the types of whole numbers that are read, booleans included. */
  static boolean isWhole(int number) {
    return switch (number) {
      case TensorProto.DataType.INT64_VALUE,
          TensorProto.DataType.INT32_VALUE,
          TensorProto.DataType.BOOL_VALUE ->
          true;
      default -> false;
    };
  }

  /** Whether it is the type of weights in 8 bits, which are read as real numbers. */
  static boolean isEightBit(int number) {
    return number == TensorProto.DataType.INT8_VALUE;
  }

  /** ONNX's name of a type. */
  static String name(int number) {
    TensorProto.DataType type = TensorProto.DataType.forNumber(number);
    return type == null ? "element type " + number : type.name();
  }

  /** Bytes of an element. */
  static int width(int number) {
    return switch (number) {
      case TensorProto.DataType.DOUBLE_VALUE, TensorProto.DataType.INT64_VALUE -> 8;
      case TensorProto.DataType.FLOAT_VALUE, TensorProto.DataType.INT32_VALUE -> 4;
      case TensorProto.DataType.FLOAT16_VALUE, TensorProto.DataType.BFLOAT16_VALUE -> 2;
      case TensorProto.DataType.BOOL_VALUE, TensorProto.DataType.INT8_VALUE -> 1;
      default -> throw new IllegalArgumentException(name(number) + " is not read");
    };
  }
}
