package org.xrv.converter.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Whole numbers or booleans known while reading: axes, shapes, sizes, indices, masks.
 *
 * @param dims any of them may be 0
 * @param bool whether they are booleans, as 0 and 1
 */
record IntegerTensor(List<Integer> dims, List<Count> values, boolean bool) {
  /** Shapes have a few numbers; a tensor of more would be data. */
  private static final int MOST = 1 << 16;

  IntegerTensor {
    dims = List.copyOf(dims);
    values = List.copyOf(values);
    if (count(dims) != values.size()) {
      throw new IllegalArgumentException(values.size() + " values for shape " + dims);
    }
  }

  static IntegerTensor scalar(Count value) {
    return new IntegerTensor(List.of(), List.of(value), false);
  }

  static IntegerTensor list(List<Count> values) {
    return new IntegerTensor(List.of(values.size()), values, false);
  }

  /** Each value a function of its index. */
  static IntegerTensor make(List<Integer> dims, boolean bool, Function<int[], Count> value) {
    int n = requireSmall(count(dims));
    List<Count> values = new ArrayList<>(n);
    int[] index = new int[dims.size()];
    for (int i = 0; i < n; i++) {
      int rest = i;
      for (int axis = dims.size() - 1; axis >= 0; axis--) {
        index[axis] = rest % dims.get(axis);
        rest /= dims.get(axis);
      }
      values.add(value.apply(index));
    }
    return new IntegerTensor(dims, values, bool);
  }

  static int requireSmall(long count) {
    if (count > MOST) {
      throw new IllegalArgumentException(count + " whole numbers; up to " + MOST + " are computed");
    }
    return (int) count;
  }

  private static long count(List<Integer> dims) {
    long n = 1;
    for (int d : dims) {
      n = Math.multiplyExact(n, d);
    }
    return n;
  }

  /** The value at an index. */
  Count at(int... index) {
    int position = 0;
    for (int axis = 0; axis < dims.size(); axis++) {
      position = position * dims.get(axis) + index[axis];
    }
    return values.get(position);
  }

  /** The value at an index of a shape that this one is broadcast to. */
  Count broadcast(int[] index) {
    int[] own = new int[dims.size()];
    for (int axis = 0; axis < own.length; axis++) {
      own[axis] = dims.get(axis) == 1 ? 0 : index[index.length - own.length + axis];
    }
    return at(own);
  }

  /** As ints in their order; the batch size is refused. */
  List<Integer> ints() {
    return values.stream().map(v -> Math.toIntExact(v.number())).toList();
  }

  /** As longs in their order; the batch size is refused. */
  List<Long> longs() {
    return values.stream().map(Count::number).toList();
  }

  boolean dependsOnBatch() {
    return values.stream().anyMatch(Count::batch);
  }

  IntegerTensor reshaped(List<Integer> shape) {
    return new IntegerTensor(shape, values, bool);
  }

  IntegerTensor as(boolean booleans) {
    return booleans == bool
        ? this
        : new IntegerTensor(
            dims,
            booleans ? values.stream().map(v -> Count.of(v.is(0) ? 0 : 1)).toList() : values,
            booleans);
  }
}
