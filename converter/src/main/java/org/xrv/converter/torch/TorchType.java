package org.xrv.converter.torch;

import java.nio.ByteBuffer;
import java.util.Optional;
import org.xrv.core.tensor.HalfPrecision;

/** The element types of PyTorch's storages, by the names of their classes and dtypes. */
enum TorchType {
  FLOAT32("FloatStorage", "float32", 4, true),
  FLOAT64("DoubleStorage", "float64", 8, true),
  FLOAT16("HalfStorage", "float16", 2, true),
  BFLOAT16("BFloat16Storage", "bfloat16", 2, true),
  INT64("LongStorage", "int64", 8, false),
  INT32("IntStorage", "int32", 4, false),
  INT16("ShortStorage", "int16", 2, false),
  INT8("CharStorage", "int8", 1, false),
  UINT8("ByteStorage", "uint8", 1, false),
  BOOL("BoolStorage", "bool", 1, false),
  COMPLEX64("ComplexFloatStorage", "complex64", 8, false),
  COMPLEX128("ComplexDoubleStorage", "complex128", 16, false),
  /** Bytes; the tensor says of which type. */
  UNTYPED("UntypedStorage", "untyped", 1, false);

  private final String storage;
  private final String dtype;
  private final int width;
  private final boolean real;

  TorchType(String storage, String dtype, int width, boolean real) {
    this.storage = storage;
    this.dtype = dtype;
    this.width = width;
    this.real = real;
  }

  /** Of torch.FloatStorage, torch.cuda.FloatStorage, torch.storage.UntypedStorage ... */
  static Optional<TorchType> ofStorage(GlobalName name) {
    String plain = name.name().startsWith("_") ? name.name().substring(1) : name.name();
    if (name.module().equals("torch.storage")) {
      return plain.equals(UNTYPED.storage) ? Optional.of(UNTYPED) : Optional.empty();
    }
    if (!name.module().equals("torch") && !name.module().equals("torch.cuda")) {
      return Optional.empty();
    }
    for (TorchType type : values()) {
      if (type.storage.equals(name.name())) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  /** Of torch.float32 ... */
  static Optional<TorchType> ofDtype(GlobalName name) {
    for (TorchType type : values()) {
      if (name.module().equals("torch") && type.dtype.equals(name.name())) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  String dtype() {
    return dtype;
  }

  /** Bytes of an element. */
  int width() {
    return width;
  }

  /** Whether its values are floating-point numbers. */
  boolean isReal() {
    return real;
  }

  /** The element at an index of little-endian bytes; float64 is rounded. */
  float value(ByteBuffer bytes, int index) {
    return switch (this) {
      case FLOAT32 -> bytes.getFloat(4 * index);
      case FLOAT64 -> (float) bytes.getDouble(8 * index);
      case FLOAT16 -> HalfPrecision.toFloat(bytes.getShort(2 * index));
      case BFLOAT16 -> Float.intBitsToFloat(bytes.getShort(2 * index) << 16);
      default -> throw new IllegalStateException(this + " has no real values");
    };
  }
}
