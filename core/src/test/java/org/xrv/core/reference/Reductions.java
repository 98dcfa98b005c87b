package org.xrv.core.reference;

import java.util.ArrayList;
import java.util.List;
import org.xrv.core.graph.Shape;

/** Sums and means along axes. */
final class Reductions {
  private Reductions() {}

  static DoubleTensor sum(DoubleTensor x, List<Integer> axes, boolean keepDims) {
    List<Integer> gone = axes.stream().map(x::axis).toList();
    List<Integer> kept = new ArrayList<>();
    List<Integer> ones = new ArrayList<>();
    for (int a = 0; a < x.rank(); a++) {
      ones.add(gone.contains(a) ? 1 : x.dim(a));
      if (!gone.contains(a)) {
        kept.add(x.dim(a));
      }
    }
    DoubleTensor y = DoubleTensor.make(new Shape(ones), i -> 0);
    for (int p = 0; p < x.data().length; p++) {
      int[] i = DoubleTensor.index(x.shape(), p);
      gone.forEach(a -> i[a] = 0);
      y.data()[y.position(i)] += x.data()[p];
    }
    return keepDims ? y : new DoubleTensor(new Shape(kept), y.data());
  }

  static DoubleTensor mean(DoubleTensor x, List<Integer> axes, boolean keepDims) {
    DoubleTensor sum = sum(x, axes, keepDims);
    double count = (double) x.data().length / sum.data().length;
    return Elementwise.unary(sum, v -> v / count);
  }
}
