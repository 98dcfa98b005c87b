package org.xrv.core.reference;

import java.util.List;
import org.xrv.core.graph.Op;
import org.xrv.core.graph.Shape;

/** Pooling over windows of two spatial axes. */
final class Pools {
  private Pools() {}

  private static Shape shape(
      DoubleTensor x, List<Integer> kernel, List<Integer> strides, List<Integer> pads) {
    int[] size = new int[2];
    for (int a = 0; a < 2; a++) {
      int padded = x.dim(2 + a) + pads.get(a) + pads.get(2 + a);
      size[a] = (padded - kernel.get(a)) / strides.get(a) + 1;
    }
    return Shape.of(x.dim(0), x.dim(1), size[0], size[1]);
  }

  private static boolean inside(DoubleTensor x, int h, int v) {
    return h >= 0 && h < x.dim(2) && v >= 0 && v < x.dim(3);
  }

  /** The maxima, and where they are in the whole input; of equal ones the first. */
  static List<DoubleTensor> max(Op.MaxPool op, List<DoubleTensor> in) {
    DoubleTensor x = in.get(0);
    DoubleTensor at =
        DoubleTensor.make(
            shape(x, op.kernel(), op.strides(), op.pads()),
            i -> {
              int best = -1;
              for (int kh = 0; kh < op.kernel().get(0); kh++) {
                for (int kw = 0; kw < op.kernel().get(1); kw++) {
                  int h = i[2] * op.strides().get(0) - op.pads().get(0) + kh;
                  int v = i[3] * op.strides().get(1) - op.pads().get(1) + kw;
                  if (inside(x, h, v)) {
                    int p = x.position(i[0], i[1], h, v);
                    best = best < 0 || x.data()[p] > x.data()[best] ? p : best;
                  }
                }
              }
              return best;
            });
    return List.of(DoubleTensor.make(at.shape(), i -> x.data()[(int) at.at(i)]), at);
  }

  static DoubleTensor average(Op.AveragePool op, List<DoubleTensor> in) {
    DoubleTensor x = in.get(0);
    return DoubleTensor.make(
        shape(x, op.kernel(), op.strides(), op.pads()),
        i -> {
          double sum = 0;
          int counted = 0;
          for (int kh = 0; kh < op.kernel().get(0); kh++) {
            for (int kw = 0; kw < op.kernel().get(1); kw++) {
              int h = i[2] * op.strides().get(0) - op.pads().get(0) + kh;
              int v = i[3] * op.strides().get(1) - op.pads().get(1) + kw;
              boolean inside = inside(x, h, v);
              sum += inside ? x.at(i[0], i[1], h, v) : 0;
              counted += inside || op.countIncludePad() ? 1 : 0;
            }
          }
          return sum / counted;
        });
  }

  static DoubleTensor globalAverage(DoubleTensor x) {
    return Reductions.mean(x, List.of(2, 3), true);
  }
}
