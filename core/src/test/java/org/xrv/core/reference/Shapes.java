package org.xrv.core.reference;

import static org.xrv.core.reference.ReferenceExecutor.decimal;

import java.util.ArrayList;
import java.util.List;
import org.xrv.core.graph.Op;
import org.xrv.core.graph.Shape;

/** Operations that move elements and compute nothing. */
final class Shapes {
  private Shapes() {}

  static DoubleTensor concat(Op.Concat op, List<DoubleTensor> in) {
    int axis = in.get(0).axis(op.axis());
    int total = in.stream().mapToInt(x -> x.dim(axis)).sum();
    return DoubleTensor.make(
        with(in.get(0).shape(), axis, total),
        i -> {
          int[] j = i.clone();
          for (DoubleTensor x : in) {
            if (j[axis] < x.dim(axis)) {
              return x.at(j);
            }
            j[axis] -= x.dim(axis);
          }
          throw new IllegalStateException("past the last part");
        });
  }

  static List<DoubleTensor> split(Op.Split op, List<DoubleTensor> in) {
    DoubleTensor x = in.get(0);
    int axis = x.axis(op.axis());
    List<DoubleTensor> parts = new ArrayList<>();
    int start = 0;
    for (int size : op.sizes()) {
      int from = start;
      parts.add(
          DoubleTensor.make(
              with(x.shape(), axis, size),
              i -> {
                int[] j = i.clone();
                j[axis] += from;
                return x.at(j);
              }));
      start += size;
    }
    return parts;
  }

  private static Shape with(Shape shape, int axis, int dim) {
    List<Integer> dims = new ArrayList<>(shape.dims());
    dims.set(axis, dim);
    return new Shape(dims);
  }

  static DoubleTensor flatten(DoubleTensor x, int axis) {
    int rows = 1;
    for (int a = 0; a < x.axis(axis); a++) {
      rows *= x.dim(a);
    }
    return new DoubleTensor(Shape.of(rows, x.data().length / rows), x.data());
  }

  static DoubleTensor reshape(DoubleTensor x, List<Integer> target) {
    List<Integer> dims = new ArrayList<>();
    int known = 1;
    for (int a = 0; a < target.size(); a++) {
      dims.add(target.get(a) == 0 ? x.dim(a) : target.get(a));
      known *= dims.get(a) == -1 ? 1 : dims.get(a);
    }
    int rest = x.data().length / known;
    return new DoubleTensor(
        new Shape(dims.stream().map(d -> d == -1 ? rest : d).toList()), x.data());
  }

  /** Broadcasting; -1 is the first dimension of the second input. */
  static DoubleTensor expand(Op.Expand op, List<DoubleTensor> in) {
    List<Integer> dims = op.shape().stream().map(d -> d == -1 ? in.get(1).dim(0) : d).toList();
    DoubleTensor x = in.get(0);
    return DoubleTensor.make(
        Elementwise.common(x.shape(), new Shape(dims)), i -> Elementwise.broadcast(x, i));
  }

  static DoubleTensor transpose(DoubleTensor x, List<Integer> permutation) {
    return DoubleTensor.make(
        new Shape(permutation.stream().map(x::dim).toList()),
        i -> {
          int[] j = new int[i.length];
          for (int a = 0; a < i.length; a++) {
            j[permutation.get(a)] = i[a];
          }
          return x.at(j);
        });
  }

  static DoubleTensor pad(DoubleTensor x, Op.Pad op) {
    List<Integer> dims = new ArrayList<>();
    for (int a = 0; a < x.rank(); a++) {
      dims.add(x.dim(a) + op.pads().get(a) + op.pads().get(a + x.rank()));
    }
    return DoubleTensor.make(
        new Shape(dims),
        i -> {
          int[] j = i.clone();
          boolean inside = true;
          for (int a = 0; a < j.length; a++) {
            j[a] -= op.pads().get(a);
            inside &= j[a] >= 0 && j[a] < x.dim(a);
          }
          return inside ? x.at(j) : decimal(op.value());
        });
  }
}
