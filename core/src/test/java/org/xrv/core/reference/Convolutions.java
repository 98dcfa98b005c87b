package org.xrv.core.reference;

import java.util.List;
import org.xrv.core.graph.Op;
import org.xrv.core.graph.Shape;

/** Conv and ConvTranspose by their sums. */
final class Convolutions {
  private Convolutions() {}

  static DoubleTensor conv(Op.Conv op, List<DoubleTensor> in) {
    DoubleTensor x = in.get(0);
    DoubleTensor w = in.get(1);
    int perGroup = w.dim(0) / op.group();
    int[] size = new int[2];
    for (int a = 0; a < 2; a++) {
      int reach = op.dilations().get(a) * (w.dim(2 + a) - 1) + 1;
      int padded = x.dim(2 + a) + op.pads().get(a) + op.pads().get(2 + a);
      size[a] = (padded - reach) / op.strides().get(a) + 1;
    }
    return DoubleTensor.make(
        Shape.of(x.dim(0), w.dim(0), size[0], size[1]),
        i -> {
          int m = i[1];
          double sum = in.size() > 2 ? in.get(2).at(m) : 0;
          for (int c = 0; c < w.dim(1); c++) {
            for (int kh = 0; kh < w.dim(2); kh++) {
              for (int kw = 0; kw < w.dim(3); kw++) {
                int h = i[2] * op.strides().get(0) - op.pads().get(0) + kh * op.dilations().get(0);
                int v = i[3] * op.strides().get(1) - op.pads().get(1) + kw * op.dilations().get(1);
                if (h >= 0 && h < x.dim(2) && v >= 0 && v < x.dim(3)) {
                  int channel = m / perGroup * w.dim(1) + c;
                  sum += x.at(i[0], channel, h, v) * w.at(m, c, kh, kw);
                }
              }
            }
          }
          return sum;
        });
  }

  /** Every input pixel adds its multiple of the kernel; what falls outside is lost. */
  static DoubleTensor convTranspose(Op.ConvTranspose op, List<DoubleTensor> in) {
    DoubleTensor x = in.get(0);
    DoubleTensor w = in.get(1);
    int perGroup = x.dim(1) / op.group();
    int[] size = new int[2];
    for (int a = 0; a < 2; a++) {
      size[a] =
          op.strides().get(a) * (x.dim(2 + a) - 1)
              + op.outputPadding().get(a)
              + op.dilations().get(a) * (w.dim(2 + a) - 1)
              + 1
              - op.pads().get(a)
              - op.pads().get(2 + a);
    }
    Shape shape = Shape.of(x.dim(0), w.dim(1) * op.group(), size[0], size[1]);
    DoubleTensor y = DoubleTensor.make(shape, i -> in.size() > 2 ? in.get(2).at(i[1]) : 0);
    for (int p = 0; p < x.data().length; p++) {
      int[] i = DoubleTensor.index(x.shape(), p);
      for (int m = 0; m < w.dim(1); m++) {
        for (int kh = 0; kh < w.dim(2); kh++) {
          for (int kw = 0; kw < w.dim(3); kw++) {
            int h = i[2] * op.strides().get(0) + kh * op.dilations().get(0) - op.pads().get(0);
            int v = i[3] * op.strides().get(1) + kw * op.dilations().get(1) - op.pads().get(1);
            if (h >= 0 && h < size[0] && v >= 0 && v < size[1]) {
              int channel = i[1] / perGroup * w.dim(1) + m;
              y.data()[y.position(i[0], channel, h, v)] += x.data()[p] * w.at(i[1], m, kh, kw);
            }
          }
        }
      }
    }
    return y;
  }
}
