package org.xrv.core.graph;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A tensor shape. A dimension is positive, or {@link #UNKNOWN} where it depends on the batch size,
 * which stays symbolic.
 *
 * @param dims the dimensions, outermost first; empty for a scalar
 */
public record Shape(List<Integer> dims) {
  /** A dimension that depends on the batch size. */
  public static final int UNKNOWN = -1;

  public Shape {
    dims = List.copyOf(dims);
    for (int d : dims) {
      if (d < 1 && d != UNKNOWN) {
        throw new IllegalArgumentException("dimension " + d + " in shape " + dims);
      }
    }
  }

  public static Shape of(int... dims) {
    return new Shape(Arrays.stream(dims).boxed().toList());
  }

  public int rank() {
    return dims.size();
  }

  /** The dimension at an axis; negative axes count from the end. */
  public int dim(int axis) {
    return dims.get(axis < 0 ? axis + dims.size() : axis);
  }

  public boolean isStatic() {
    return !dims.contains(UNKNOWN);
  }

  /** The number of elements; the shape must be static. */
  public long elements() {
    return elementsFrom(0);
  }

  /** The product of the dimensions from an axis on; they must be static. */
  public long elementsFrom(int axis) {
    long n = 1;
    for (int d : dims.subList(axis, dims.size())) {
      if (d == UNKNOWN) {
        throw new IllegalStateException("shape " + this + " is not static");
      }
      n = Math.multiplyExact(n, d);
    }
    return n;
  }

  /** This shape with its first dimension replaced. */
  public Shape withBatch(int batch) {
    var copy = new java.util.ArrayList<>(dims);
    copy.set(0, batch);
    return new Shape(copy);
  }

  public long[] toLongArray() {
    return dims.stream().mapToLong(Integer::longValue).toArray();
  }

  @Override
  public String toString() {
    return dims.stream()
        .map(d -> d == UNKNOWN ? "N" : d.toString())
        .collect(Collectors.joining("x", "[", "]"));
  }
}
