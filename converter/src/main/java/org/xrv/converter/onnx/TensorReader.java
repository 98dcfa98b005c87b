package org.xrv.converter.onnx;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.xrv.converter.onnx.proto.TensorProto;
import org.xrv.core.graph.Shape;
import org.xrv.core.tensor.FloatTensor;
import org.xrv.core.tensor.HalfPrecision;

/** The values of tensors in a file; whatever does not fit is an IllegalArgumentException. */
final class TensorReader {
  private TensorReader() {}

  static boolean isFloat(TensorProto t) {
    return width(t) > 0;
  }

  /** Bytes of an element of the types that are read as float32, else 0. */
  private static int width(TensorProto t) {
    return switch (t.getDataType()) {
      case TensorProto.DataType.FLOAT_VALUE -> 4;
      case TensorProto.DataType.FLOAT16_VALUE -> 2;
      case TensorProto.DataType.INT8_VALUE -> 1; // of quantised weights
      default -> 0;
    };
  }

  static boolean isInteger(TensorProto t) {
    return t.getDataType() == TensorProto.DataType.INT64_VALUE
        || t.getDataType() == TensorProto.DataType.INT32_VALUE;
  }

  static FloatTensor floats(TensorProto t) {
    requireInside(t);
    Shape shape = new Shape(t.getDimsList().stream().map(Math::toIntExact).toList());
    if (!shape.isStatic()) {
      throw new IllegalArgumentException("tensor '" + t.getName() + "' of shape " + shape);
    }
    int n = count(t, shape.elements());
    // Compared with what is there before anything is allocated.
    if (t.hasRawData()) {
      requireCount(t, t.getRawData().size(), (long) width(t) * n, "bytes");
    } else if (width(t) == 4) {
      requireCount(t, t.getFloatDataCount(), n, "values");
    } else { // ONNX keeps both in 32 bits
      requireCount(t, t.getInt32DataCount(), n, "values");
    }
    float[] data = new float[n];
    ByteBuffer raw = t.hasRawData() ? raw(t) : null;
    for (int i = 0; i < n; i++) {
      data[i] =
          switch (width(t)) {
            case 4 -> raw == null ? t.getFloatData(i) : raw.getFloat();
            case 2 ->
                HalfPrecision.toFloat(raw == null ? (short) t.getInt32Data(i) : raw.getShort());
            default -> raw == null ? t.getInt32Data(i) : raw.get();
          };
    }
    return new FloatTensor(shape, data);
  }

  /** A tensor of whole numbers of rank 0 or 1, such as axes and shapes. */
  static IntegerValues integers(TensorProto t) {
    requireInside(t);
    if (t.getDimsCount() > 1) {
      throw new IllegalArgumentException("integer tensor '" + t.getName() + "' of rank above 1");
    }
    int n = count(t, t.getDimsCount() == 0 ? 1 : t.getDims(0));
    boolean wide = t.getDataType() == TensorProto.DataType.INT64_VALUE;
    List<Long> values = new ArrayList<>();
    if (t.hasRawData()) {
      requireCount(t, t.getRawData().size(), (wide ? 8L : 4L) * n, "bytes");
      ByteBuffer raw = raw(t);
      for (int i = 0; i < n; i++) {
        values.add(wide ? raw.getLong() : (long) raw.getInt());
      }
    } else if (wide) {
      requireCount(t, t.getInt64DataCount(), n, "values");
      values.addAll(t.getInt64DataList());
    } else {
      requireCount(t, t.getInt32DataCount(), n, "values");
      t.getInt32DataList().forEach(v -> values.add(v.longValue()));
    }
    return new IntegerValues(values, t.getDimsCount() == 0);
  }

  private static ByteBuffer raw(TensorProto t) {
    return t.getRawData().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
  }

  private static void requireInside(TensorProto t) {
    if (t.getDataLocation() == TensorProto.DataLocation.EXTERNAL || t.getExternalDataCount() > 0) {
      throw new IllegalArgumentException(
          "tensor '"
              + t.getName()
              + "' lies in a separate file; export the model with its weights in one file");
    }
  }

  private static int count(TensorProto t, long n) {
    if (n < 0 || n > Integer.MAX_VALUE / 8) {
      throw new IllegalArgumentException("tensor '" + t.getName() + "' of " + n + " values");
    }
    return (int) n;
  }

  private static void requireCount(TensorProto t, long actual, long expected, String what) {
    if (actual != expected) {
      throw new IllegalArgumentException(
          "tensor '"
              + t.getName()
              + "' holds "
              + actual
              + " "
              + what
              + ", its shape needs "
              + expected);
    }
  }
}
