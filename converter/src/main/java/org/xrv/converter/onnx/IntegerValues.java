package org.xrv.converter.onnx;

import java.util.List;

/**
 * Whole numbers known while reading: axes, shapes, sizes.
 *
 * @param values may hold {@link #BATCH}
 * @param scalar rank 0 instead of 1
 */
record IntegerValues(List<Long> values, boolean scalar) {
  /** Stands for the symbolic batch size. */
  static final long BATCH = Long.MIN_VALUE;

  IntegerValues {
    values = List.copyOf(values);
    if (scalar && values.size() != 1) {
      throw new IllegalArgumentException(values.size() + " values for a scalar");
    }
  }

  /** As ints; the batch size is refused. */
  List<Integer> ints() {
    if (values.contains(BATCH)) {
      throw new IllegalArgumentException("depends on the batch size");
    }
    return values.stream().map(Math::toIntExact).toList();
  }
}
