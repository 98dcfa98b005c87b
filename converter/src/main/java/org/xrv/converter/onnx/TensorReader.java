package org.xrv.converter.onnx;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.xrv.converter.onnx.proto.StringStringEntryProto;
import org.xrv.converter.onnx.proto.TensorProto;
import org.xrv.core.graph.Shape;
import org.xrv.core.tensor.FloatTensor;
import org.xrv.core.tensor.HalfPrecision;

/**
 * The values of tensors in a file or beside it. All kinds of real numbers become float32; whatever
 * does not fit, and NaN, is an IllegalArgumentException that names the tensor.
 */
final class TensorReader {
  private static final int CHUNK = 1 << 16;

  private final ByteSource model;
  private final ExternalFiles external;

  TensorReader(ByteSource model, ExternalFiles external) {
    this.model = model;
    this.external = external;
  }

  /** Of a tensor that has its numbers in the message. */
  static FloatTensor floats(TensorProto t) {
    try (ExternalFiles none = new ExternalFiles(null)) {
      return new TensorReader(ByteSource.of(new byte[0]), none).floats(StoredTensor.whole(t));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  FloatTensor floats(StoredTensor stored) {
    TensorProto t = stored.proto();
    List<Integer> dims = dims(t);
    Shape shape = new Shape(dims);
    int n = count(t, dims);
    Raw raw = raw(stored);
    int type = t.getDataType();
    // Compared with what is there before anything is allocated.
    if (raw != null) {
      requireCount(t, raw.length(), (long) ElementTypes.width(type) * n, "bytes");
    } else {
      requireCount(t, typedCount(t), n, "values");
    }
    float[] data = new float[n];
    if (raw != null) {
      fill(raw, type, data);
    } else {
      for (int i = 0; i < n; i++) {
        data[i] = typed(t, i);
      }
    }
    for (int i = 0; i < n; i++) {
      if (Float.isNaN(data[i])) {
        throw new IllegalArgumentException(
            "tensor '" + t.getName() + "' is NaN at " + i + "; the network gives no numbers");
      }
    }
    return new FloatTensor(shape, data);
  }

  private static int typedCount(TensorProto t) {
    return switch (t.getDataType()) {
      case TensorProto.DataType.FLOAT_VALUE -> t.getFloatDataCount();
      case TensorProto.DataType.DOUBLE_VALUE -> t.getDoubleDataCount();
      default -> t.getInt32DataCount();
    };
  }

  private static float typed(TensorProto t, int i) {
    return switch (t.getDataType()) {
      case TensorProto.DataType.FLOAT_VALUE -> t.getFloatData(i);
      case TensorProto.DataType.DOUBLE_VALUE -> (float) t.getDoubleData(i);
      case TensorProto.DataType.FLOAT16_VALUE -> HalfPrecision.toFloat((short) t.getInt32Data(i));
      case TensorProto.DataType.INT8_VALUE -> (byte) t.getInt32Data(i);
      default -> Float.intBitsToFloat(t.getInt32Data(i) << 16);
    };
  }

  private static void fill(Raw raw, int type, float[] data) {
    int width = ElementTypes.width(type);
    ByteBuffer chunk =
        ByteBuffer.allocate((int) Math.min(CHUNK, raw.length())).order(ByteOrder.LITTLE_ENDIAN);
    int perChunk = CHUNK / width;
    try {
      for (int from = 0; from < data.length; from += perChunk) {
        int n = Math.min(perChunk, data.length - from);
        chunk.clear().limit(n * width);
        raw.source().read(raw.position() + (long) from * width, chunk);
        chunk.flip();
        if (type == TensorProto.DataType.FLOAT_VALUE) {
          chunk.asFloatBuffer().get(data, from, n);
        } else {
          for (int i = from; i < from + n; i++) {
            data[i] =
                switch (type) {
                  case TensorProto.DataType.DOUBLE_VALUE -> (float) chunk.getDouble();
                  case TensorProto.DataType.FLOAT16_VALUE ->
                      HalfPrecision.toFloat(chunk.getShort());
                  case TensorProto.DataType.INT8_VALUE -> chunk.get();
                  default -> Float.intBitsToFloat(chunk.getShort() << 16);
                };
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A tensor of whole numbers or booleans, such as axes, shapes and indices. */
  IntegerTensor integers(StoredTensor stored) {
    TensorProto t = stored.proto();
    List<Integer> dims = dims(t);
    int n = count(t, dims);
    IntegerTensor.requireSmall(n);
    int type = t.getDataType();
    boolean bool = type == TensorProto.DataType.BOOL_VALUE;
    boolean wide = type == TensorProto.DataType.INT64_VALUE;
    Raw raw = raw(stored);
    List<Count> values = new ArrayList<>();
    if (raw != null) {
      int width = ElementTypes.width(type);
      requireCount(t, raw.length(), (long) width * n, "bytes");
      ByteBuffer bytes = ByteBuffer.allocate(width * n).order(ByteOrder.LITTLE_ENDIAN);
      try {
        raw.source().read(raw.position(), bytes);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      bytes.flip();
      for (int i = 0; i < n; i++) {
        values.add(Count.of(wide ? bytes.getLong() : bool ? bytes.get() : bytes.getInt()));
      }
    } else {
      requireCount(t, wide ? t.getInt64DataCount() : t.getInt32DataCount(), n, "values");
      for (int i = 0; i < n; i++) {
        values.add(Count.of(wide ? t.getInt64Data(i) : t.getInt32Data(i)));
      }
    }
    return new IntegerTensor(dims, values, bool);
  }

  /** Where raw data are. */
  private record Raw(ByteSource source, long position, long length) {}

  private Raw raw(StoredTensor stored) {
    TensorProto t = stored.proto();
    if (t.getDataLocation() == TensorProto.DataLocation.EXTERNAL) {
      try {
        return external(t);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("tensor '" + t.getName() + "': " + e.getMessage(), e);
      }
    } else if (stored.isInFile()) {
      return new Raw(model, stored.position(), stored.length());
    } else if (t.hasRawData()) {
      return new Raw(ByteSource.of(t.getRawData().toByteArray()), 0, t.getRawData().size());
    }
    return null;
  }

  private Raw external(TensorProto t) throws IOException {
    Map<String, String> entries = new HashMap<>();
    for (StringStringEntryProto e : t.getExternalDataList()) {
      entries.put(e.getKey(), e.getValue());
    }
    String location = entries.getOrDefault("location", "");
    ByteSource file = ByteSource.of(external.open(location));
    long offset = number(entries, "offset", 0);
    long length = number(entries, "length", file.size() - offset);
    if (offset > file.size() || length > file.size() - offset) {
      throw new IllegalArgumentException(
          length
              + " bytes from "
              + offset
              + " on, but '"
              + location
              + "' ends at "
              + file.size()
              + "; it may be truncated");
    }
    return new Raw(file, offset, length);
  }

  private static long number(Map<String, String> entries, String key, long otherwise) {
    String text = entries.get(key);
    try {
      long value = text == null ? otherwise : Long.parseLong(text.strip());
      if (text == null || value >= 0) {
        return value;
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(key + " '" + text + "' is no number", e);
    }
    throw new IllegalArgumentException(key + " '" + text + "' is negative");
  }

  private static List<Integer> dims(TensorProto t) {
    if (t.getDimsCount() > GraphReader.MAX_RANK) {
      throw new IllegalArgumentException(
          "tensor '" + t.getName() + "' has " + t.getDimsCount() + " dimensions");
    }
    return t.getDimsList().stream().map(Math::toIntExact).toList();
  }

  private static int count(TensorProto t, List<Integer> dims) {
    long n = 1;
    for (int d : dims) {
      n = d < 0 ? -1 : Math.multiplyExact(n, d);
      if (n < 0 || n > Integer.MAX_VALUE / 8) {
        throw new IllegalArgumentException("tensor '" + t.getName() + "' of shape " + dims);
      }
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
