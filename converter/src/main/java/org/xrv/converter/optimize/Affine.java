package org.xrv.converter.optimize;

import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import org.xrv.core.graph.Node;
import org.xrv.core.graph.Op;
import org.xrv.core.tensor.NamedTensors;

/**
 * What a BatchNorm does in inference to channel c: x * scale[c] + shift[c].
 *
 * @param scale gamma / sqrt(variance + epsilon)
 * @param shift beta - mean * scale
 */
@SuppressWarnings("ArrayRecordComponent") // made here, read here
record Affine(double[] scale, double[] shift) {
  /** Empty when the statistics are no weights, or a number is not finite. */
  static Optional<Affine> of(Node node, Set<String> parameters, NamedTensors weights) {
    if (!(node.op() instanceof Op.BatchNormalization b)
        || !parameters.containsAll(node.inputs().subList(1, node.inputs().size()))) {
      return Optional.empty();
    }
    float[] gamma = weights.get(node.input(1)).data();
    float[] beta = weights.get(node.input(2)).data();
    float[] mean = weights.get(node.input(3)).data();
    float[] variance = weights.get(node.input(4)).data();
    double[] scale = new double[gamma.length];
    double[] shift = new double[gamma.length];
    for (int c = 0; c < scale.length; c++) {
      scale[c] = gamma[c] / Math.sqrt((double) variance[c] + b.epsilon());
      shift[c] = beta[c] - mean[c] * scale[c];
      if (!Double.isFinite(scale[c]) || !Double.isFinite(shift[c])) {
        return Optional.empty();
      }
    }
    return Optional.of(new Affine(scale, shift));
  }

  boolean shifts() {
    return Arrays.stream(shift).anyMatch(t -> t != 0);
  }
}
