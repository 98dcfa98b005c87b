package org.xrv.core.architecture;

import java.util.LinkedHashMap;
import java.util.Map;
import org.xrv.core.graph.Graph;
import org.xrv.core.graph.Parameter;
import org.xrv.core.graph.ParameterKind;
import org.xrv.core.graph.Shape;
import org.xrv.core.random.KeyedRandom;
import org.xrv.core.tensor.FloatTensor;
import org.xrv.core.tensor.NamedTensors;

/**
 * First weights, each a function of (seed, parameter name).
 *
 * @param headScale factor on {@link ResNetAutoencoder#HEAD_WEIGHT}: the network then works in units
 *     of so many pixels
 * @param lastNormScale first scale of each block's last normalization ("bn3"); below 1 the blocks
 *     start near the identity. Not 0: the ReLU behind it would pass no gradient
 */
public record Initialization(double headScale, double lastNormScale) {
  /** PyTorch's defaults, as the published networks started. */
  public static final Initialization PYTORCH = new Initialization(1, 1);

  public Initialization {
    if (!(headScale > 0) || !(lastNormScale > 0)) {
      throw new IllegalArgumentException("scales " + headScale + ", " + lastNormScale);
    }
  }

  /**
   * Weights for every parameter of a graph. Constants have no first value: a graph with constants
   * is refused.
   */
  public NamedTensors weights(Graph graph, long seed) {
    Map<String, FloatTensor> tensors = new LinkedHashMap<>();
    for (Parameter p : graph.parameters().values()) {
      tensors.put(p.name(), tensor(graph, p, seed));
    }
    return new NamedTensors(tensors);
  }

  private FloatTensor tensor(Graph graph, Parameter p, long seed) {
    return switch (p.kind()) {
      case CONV_WEIGHT, LINEAR_WEIGHT ->
          uniform(
              p, p.shape(), seed, p.name().equals(ResNetAutoencoder.HEAD_WEIGHT) ? headScale : 1);
      // A bias is bounded like the weight of its layer.
      case BIAS ->
          uniform(
              p, graph.parameters().get(p.name().replaceAll("bias$", "weight")).shape(), seed, 1);
      case BATCH_NORM_SCALE ->
          FloatTensor.filled(
              p.shape(), p.name().endsWith(".bn3.weight") ? (float) lastNormScale : 1);
      case RUNNING_VARIANCE -> FloatTensor.filled(p.shape(), 1);
      case BATCH_NORM_SHIFT, RUNNING_MEAN -> FloatTensor.zeros(p.shape());
      case CONSTANT ->
          throw new IllegalArgumentException(
              "constant '" + p.name() + "' has no first value (" + ParameterKind.CONSTANT + ")");
    };
  }

  /**
   * torch.nn's kaiming_uniform with a = sqrt(5): uniform within 1 / sqrt(fan in), fan in being what
   * follows the first dimension, also when transposed.
   */
  private static FloatTensor uniform(Parameter p, Shape weight, long seed, double scale) {
    double bound = scale / Math.sqrt((double) weight.elementsFrom(1));
    KeyedRandom random = KeyedRandom.of(seed, "weights", p.name());
    FloatTensor t = FloatTensor.zeros(p.shape());
    for (int i = 0; i < t.data().length; i++) {
      t.data()[i] = (float) random.nextDouble(-bound, bound);
    }
    return t;
  }
}
