package org.xrv.core.reference;

import static org.xrv.core.reference.ReferenceExecutor.decimal;

import java.util.List;
import org.xrv.core.graph.Op;
import org.xrv.core.graph.Shape;

/** BatchNormalization in both forms, and Softmax. */
final class Normalizations {
  private Normalizations() {}

  /** A result in training form and the new running statistics. */
  record Trained(DoubleTensor y, DoubleTensor mean, DoubleTensor variance) {}

  static DoubleTensor batch(Op.BatchNormalization op, List<DoubleTensor> in) {
    return normalized(op, in, in.get(3), in.get(4));
  }

  private static DoubleTensor normalized(
      Op.BatchNormalization op, List<DoubleTensor> in, DoubleTensor mean, DoubleTensor variance) {
    DoubleTensor x = in.get(0);
    return DoubleTensor.make(
        x.shape(),
        i -> {
          int c = i[1];
          double deviation = Math.sqrt(variance.at(c) + decimal(op.epsilon()));
          return (x.at(i) - mean.at(c)) / deviation * in.get(1).at(c) + in.get(2).at(c);
        });
  }

  /** Normalizes by the biased variance of the batch; what is kept is the unbiased one. */
  static Trained trained(Op.BatchNormalization op, List<DoubleTensor> in) {
    DoubleTensor x = in.get(0);
    int channels = x.dim(1);
    int count = x.data().length / channels;
    double[] mean = new double[channels];
    double[] squares = new double[channels];
    for (int p = 0; p < x.data().length; p++) {
      mean[DoubleTensor.index(x.shape(), p)[1]] += x.data()[p] / count;
    }
    for (int p = 0; p < x.data().length; p++) {
      int c = DoubleTensor.index(x.shape(), p)[1];
      squares[c] += (x.data()[p] - mean[c]) * (x.data()[p] - mean[c]);
    }
    Shape perChannel = Shape.of(channels);
    DoubleTensor batchMean = new DoubleTensor(perChannel, mean);
    DoubleTensor biased = DoubleTensor.make(perChannel, c -> squares[c[0]] / count);
    double momentum = decimal(op.momentum());
    return new Trained(
        normalized(op, in, batchMean, biased),
        DoubleTensor.make(
            perChannel, c -> momentum * in.get(3).at(c) + (1 - momentum) * mean[c[0]]),
        DoubleTensor.make(
            perChannel,
            c -> momentum * in.get(4).at(c) + (1 - momentum) * squares[c[0]] / (count - 1)));
  }

  static DoubleTensor softmax(Op.Softmax op, List<DoubleTensor> in) {
    DoubleTensor x = in.get(0);
    int axis = x.axis(op.axis());
    return DoubleTensor.make(
        x.shape(),
        i -> {
          int[] j = i.clone();
          double sum = 0;
          for (int k = 0; k < x.dim(axis); k++) {
            j[axis] = k;
            sum += Math.exp(x.at(j) - x.at(i));
          }
          return 1 / sum;
        });
  }
}
