package org.xrv.core.reference;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import org.xrv.core.graph.ElementType;
import org.xrv.core.graph.Shape;

/** Operations on each element, with NumPy's broadcasting. */
final class Elementwise {
  private Elementwise() {}

  static DoubleTensor scalar(double value) {
    return new DoubleTensor(Shape.of(), new double[] {value});
  }

  static DoubleTensor unary(DoubleTensor x, DoubleUnaryOperator f) {
    return DoubleTensor.make(x.shape(), i -> f.applyAsDouble(x.at(i)));
  }

  static DoubleTensor binary(DoubleTensor a, DoubleTensor b, DoubleBinaryOperator f) {
    return DoubleTensor.make(
        common(a.shape(), b.shape()), i -> f.applyAsDouble(broadcast(a, i), broadcast(b, i)));
  }

  /** The integral 2 / sqrt(pi) exp(-t^2) from 0 to x, by its power series, which ends by itself. */
  static double erf(double x) {
    if (Math.abs(x) > 6) {
      return Math.signum(x); // to within 1e-16
    }
    double term = x;
    double sum = 0;
    for (int n = 0; Math.abs(term) > 1e-18; n++) {
      sum += term / (2 * n + 1);
      term *= -x * x / (n + 1);
    }
    return 2 / Math.sqrt(Math.PI) * sum;
  }

  static DoubleTensor where(DoubleTensor condition, DoubleTensor x, DoubleTensor y) {
    Shape shape = common(condition.shape(), common(x.shape(), y.shape()));
    return DoubleTensor.make(
        shape, i -> broadcast(condition, i) != 0 ? broadcast(x, i) : broadcast(y, i));
  }

  /** Numbers to integers by cutting off; floating-point types are not told apart. */
  static DoubleTensor cast(ElementType to, DoubleTensor x) {
    return unary(
        x,
        v ->
            switch (to) {
              case FLOAT, DOUBLE, FLOAT16 -> v;
              case INT64 -> (long) v;
              case BOOL -> v != 0 ? 1 : 0;
            });
  }

  /** The shape that two shapes broadcast to. */
  static Shape common(Shape a, Shape b) {
    int rank = Math.max(a.rank(), b.rank());
    List<Integer> dims = new ArrayList<>();
    for (int i = 0; i < rank; i++) {
      int fromA = i - (rank - a.rank()) < 0 ? 1 : a.dim(i - (rank - a.rank()));
      int fromB = i - (rank - b.rank()) < 0 ? 1 : b.dim(i - (rank - b.rank()));
      if (fromA != fromB && fromA != 1 && fromB != 1) {
        throw new IllegalArgumentException(a + " and " + b);
      }
      dims.add(Math.max(fromA, fromB));
    }
    return new Shape(dims);
  }

  /** The element that stands at an index of the common shape: axes of size 1 repeat. */
  static double broadcast(DoubleTensor x, int[] index) {
    int[] own = new int[x.rank()];
    for (int a = 0; a < own.length; a++) {
      own[a] = x.dim(a) == 1 ? 0 : index[index.length - own.length + a];
    }
    return x.at(own);
  }
}
