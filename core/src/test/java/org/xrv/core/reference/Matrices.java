package org.xrv.core.reference;

import static org.xrv.core.reference.ReferenceExecutor.decimal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.xrv.core.graph.Op;
import org.xrv.core.graph.Shape;

/** Products of matrices. */
final class Matrices {
  private Matrices() {}

  static DoubleTensor gemm(Op.Gemm op, List<DoubleTensor> in) {
    DoubleTensor a = op.transA() ? Shapes.transpose(in.get(0), List.of(1, 0)) : in.get(0);
    DoubleTensor b = op.transB() ? Shapes.transpose(in.get(1), List.of(1, 0)) : in.get(1);
    return DoubleTensor.make(
        Shape.of(a.dim(0), b.dim(1)),
        i -> {
          double sum = 0;
          for (int k = 0; k < a.dim(1); k++) {
            sum += a.at(i[0], k) * b.at(k, i[1]);
          }
          double c = in.size() > 2 ? Elementwise.broadcast(in.get(2), i) : 0;
          return decimal(op.alpha()) * sum + decimal(op.beta()) * c;
        });
  }

  /** The last two axes are matrices, the others broadcast. */
  static DoubleTensor matMul(DoubleTensor a, DoubleTensor b) {
    Shape stack = Elementwise.common(stack(a.shape()), stack(b.shape()));
    List<Integer> dims = new ArrayList<>(stack.dims());
    dims.add(a.dim(-2));
    dims.add(b.dim(-1));
    return DoubleTensor.make(
        new Shape(dims),
        i -> {
          double sum = 0;
          for (int k = 0; k < a.dim(-1); k++) {
            sum += inStack(a, i, i[i.length - 2], k) * inStack(b, i, k, i[i.length - 1]);
          }
          return sum;
        });
  }

  private static Shape stack(Shape shape) {
    return new Shape(shape.dims().subList(0, shape.rank() - 2));
  }

  private static double inStack(DoubleTensor x, int[] index, int row, int column) {
    int[] own = Arrays.copyOfRange(index, index.length - x.rank(), index.length);
    for (int axis = 0; axis < own.length - 2; axis++) {
      own[axis] = x.dim(axis) == 1 ? 0 : own[axis];
    }
    own[own.length - 2] = row;
    own[own.length - 1] = column;
    return x.at(own);
  }
}
