package org.xrv.core.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.function.ToDoubleFunction;
import org.xrv.core.graph.Shape;
import org.xrv.core.tensor.FloatTensor;

/**
 * A tensor of doubles in row-major order. Integers are kept as they are, booleans as 0 and 1.
 *
 * @param shape static
 */
@SuppressWarnings("ArrayRecordComponent") // a tensor is its array
public record DoubleTensor(Shape shape, double[] data) {
  public DoubleTensor {
    if (shape.elements() != data.length) {
      throw new IllegalArgumentException(data.length + " values for shape " + shape);
    }
  }

  public static DoubleTensor of(FloatTensor tensor) {
    double[] data = new double[tensor.data().length];
    for (int i = 0; i < data.length; i++) {
      data[i] = tensor.data()[i];
    }
    return new DoubleTensor(tensor.shape(), data);
  }

  /** A tensor whose elements are a function of their index. */
  static DoubleTensor make(Shape shape, ToDoubleFunction<int[]> element) {
    double[] data = new double[Math.toIntExact(shape.elements())];
    for (int i = 0; i < data.length; i++) {
      data[i] = element.applyAsDouble(index(shape, i));
    }
    return new DoubleTensor(shape, data);
  }

  /** The index of the i-th element. */
  static int[] index(Shape shape, int i) {
    int[] index = new int[shape.rank()];
    int rest = i;
    for (int axis = shape.rank() - 1; axis >= 0; axis--) {
      index[axis] = rest % shape.dim(axis);
      rest /= shape.dim(axis);
    }
    return index;
  }

  /** The number of an element in row-major order. */
  int position(int... index) {
    if (index.length != shape.rank()) {
      throw new IllegalArgumentException(Arrays.toString(index) + " of " + shape);
    }
    int position = 0;
    for (int axis = 0; axis < index.length; axis++) {
      if (index[axis] < 0 || index[axis] >= shape.dim(axis)) {
        throw new IndexOutOfBoundsException(Arrays.toString(index) + " of " + shape);
      }
      position = position * shape.dim(axis) + index[axis];
    }
    return position;
  }

  double at(int... index) {
    return data[position(index)];
  }

  int dim(int axis) {
    return shape.dim(axis);
  }

  int rank() {
    return shape.rank();
  }

  /** Where an axis counted from the end (negative) is. */
  int axis(int axis) {
    return axis < 0 ? axis + rank() : axis;
  }

  /**
   * Holds that another executor gives this tensor: the shape, infinities, and the values within a
   * limit, relative to the greatest magnitude.
   */
  public void assertGivenBy(DoubleTensor actual, double limit, String what) {
    assertEquals(shape, actual.shape, what);
    double scale = 0;
    for (double v : data) {
      scale = Math.max(scale, Double.isInfinite(v) ? 0 : Math.abs(v));
    }
    for (int i = 0; i < data.length; i++) {
      double difference = data[i] == actual.data[i] ? 0 : Math.abs(data[i] - actual.data[i]);
      String where = what + " at " + Arrays.toString(index(shape, i));
      assertTrue(
          difference <= limit * scale, where + ": " + data[i] + ", but got " + actual.data[i]);
    }
  }
}
