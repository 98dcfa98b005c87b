package org.xrv.core.reference;

import java.util.ArrayList;
import java.util.List;
import org.xrv.core.graph.Op;
import org.xrv.core.graph.Shape;

/** Gather and ScatterElements; a negative index counts from the end of its axis. */
final class Indexing {
  private Indexing() {}

  private static int at(double index, int size) {
    return (int) (index < 0 ? index + size : index);
  }

  static DoubleTensor gather(Op.Gather op, DoubleTensor x, DoubleTensor indices) {
    int axis = x.axis(op.axis());
    List<Integer> dims = new ArrayList<>(x.shape().dims());
    dims.set(axis, indices.dim(0));
    return DoubleTensor.make(
        new Shape(dims),
        i -> {
          int[] j = i.clone();
          j[axis] = at(indices.at(i[axis]), x.dim(axis));
          return x.at(j);
        });
  }

  static DoubleTensor scatter(
      Op.ScatterElements op, DoubleTensor x, DoubleTensor indices, DoubleTensor updates) {
    int axis = x.axis(op.axis());
    DoubleTensor y = new DoubleTensor(x.shape(), x.data().clone());
    for (int p = 0; p < indices.data().length; p++) {
      int[] j = DoubleTensor.index(indices.shape(), p);
      j[axis] = at(indices.data()[p], x.dim(axis));
      y.data()[y.position(j)] += updates.data()[p];
    }
    return y;
  }
}
