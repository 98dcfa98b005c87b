package org.xrv.core.architecture;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.graph.Graph;
import org.xrv.core.graph.GraphBuilder;
import org.xrv.core.graph.Op;
import org.xrv.core.graph.Parameter;
import org.xrv.core.graph.ParameterKind;
import org.xrv.core.graph.Shape;
import org.xrv.core.tensor.FloatTensor;
import org.xrv.core.tensor.NamedTensors;

/**
 * What the published chest X-ray classifiers do to their logits: the logistic function, then for
 * each target the two lines that take 0 to 0, its operating point t to 0.5 and 1 to 1. For p below
 * t: p / (2t), else 1 - (1 - p) / (2 (1 - t)). A target without an operating point (NaN), which was
 * not trained, gives 0.5 whatever the image is, as in torchxrayvision's op_norm.
 *
 * <p>In the graph both lines are scale * p + shift with constants per target, so that no NaN is in
 * the network and its gradient is finite everywhere.
 *
 * @param operatingPoints per target, in [0, 1) or NaN; none: probabilities are left as they are
 * @param twice whether the logistic function is applied to its own result, as torchxrayvision does
 *     where apply_sigmoid is set beside operating points
 */
public record OutputNormalization(List<Float> operatingPoints, boolean twice) {
  /** The name of the graph's output. */
  public static final String PROBABILITIES = "probabilities";

  /** How the names of its constants begin, which are no weights. */
  public static final String CONSTANTS = "op_norm.";

  private static final String THRESHOLD = CONSTANTS + "threshold";
  private static final String LOW_SCALE = CONSTANTS + "low_scale";
  private static final String LOW_SHIFT = CONSTANTS + "low_shift";
  private static final String HIGH_SCALE = CONSTANTS + "high_scale";
  private static final String HIGH_SHIFT = CONSTANTS + "high_shift";

  public OutputNormalization {
    operatingPoints = List.copyOf(operatingPoints);
    for (float t : operatingPoints) {
      if (!Float.isNaN(t) && !(t >= 0 && t < 1)) {
        throw new ProblemException(
            ProblemKind.BAD_DATA,
            "operating point "
                + t
                + "; expected a probability in [0, 1), or NaN for a target without one");
      }
    }
    if (twice && operatingPoints.isEmpty()) {
      throw new IllegalArgumentException("twice without operating points");
    }
  }

  /** logits [N, targets] to probabilities [N, targets]. */
  public Graph graph(int targets) {
    GraphBuilder b = new GraphBuilder("outputs");
    String p = b.input(DenseNet.LOGITS, targets);
    if (operatingPoints.isEmpty()) {
      return b.build(b.node(PROBABILITIES, new Op.Sigmoid(), p));
    }
    if (operatingPoints.size() != targets) {
      throw new ProblemException(
          ProblemKind.BAD_DATA,
          operatingPoints.size() + " operating points for " + targets + " targets");
    }
    p = b.node("sigmoid", new Op.Sigmoid(), p);
    if (twice) {
      p = b.node("sigmoid2", new Op.Sigmoid(), p);
    }
    String below =
        b.node(CONSTANTS + "below", new Op.Greater(), constant(b, THRESHOLD, targets), p);
    String low = line(b, "low", p, LOW_SCALE, LOW_SHIFT, targets);
    String high = line(b, "high", p, HIGH_SCALE, HIGH_SHIFT, targets);
    return b.build(b.node(PROBABILITIES, new Op.Where(), below, low, high));
  }

  private static String line(
      GraphBuilder b, String name, String p, String scale, String shift, int targets) {
    String scaled =
        b.node(CONSTANTS + name + "_scaled", new Op.Mul(), p, constant(b, scale, targets));
    return b.node(CONSTANTS + name, new Op.Add(), scaled, constant(b, shift, targets));
  }

  private static String constant(GraphBuilder b, String name, int targets) {
    return b.parameter(new Parameter(name, Shape.of(targets), ParameterKind.CONSTANT));
  }

  /** The values of the graph's constants. */
  public NamedTensors constants() {
    Map<String, FloatTensor> constants = new LinkedHashMap<>();
    if (!operatingPoints.isEmpty()) {
      // Probabilities are below 2: a target without an operating point stays on its low line, 0.5
      constants.put(THRESHOLD, each(t -> t, 2));
      constants.put(LOW_SCALE, each(t -> t > 0 ? Math.min(Float.MAX_VALUE, 1 / (2 * t)) : 0, 0));
      constants.put(LOW_SHIFT, each(t -> 0, 0.5));
      constants.put(HIGH_SCALE, each(t -> 1 / (2 * (1 - t)), 0));
      constants.put(HIGH_SHIFT, each(t -> 1 - 1 / (2 * (1 - t)), 0.5));
    }
    return new NamedTensors(constants);
  }

  private FloatTensor each(DoubleUnaryOperator value, double none) {
    float[] values = new float[operatingPoints.size()];
    for (int i = 0; i < values.length; i++) {
      double t = operatingPoints.get(i);
      values[i] = (float) (Double.isNaN(t) ? none : value.applyAsDouble(t));
    }
    return new FloatTensor(Shape.of(values.length), values);
  }
}
