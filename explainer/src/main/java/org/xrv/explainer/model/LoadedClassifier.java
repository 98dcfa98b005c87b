package org.xrv.explainer.model;

import java.util.List;
import java.util.Optional;
import org.xrv.converter.composition.ClassifierFacts;
import org.xrv.converter.onnx.OnnxModel;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.graph.Shape;
import org.xrv.core.graph.ShapeInference;
import org.xrv.core.image.Resize;
import org.xrv.core.modelpackage.OutputKind;

/**
 * A classifier in memory: from image [N, 1, R, R] to one value per target.
 *
 * @param targets in the order of the outputs
 * @param outputs what the values are
 * @param operatingPoints per target the probability that is shown as 0.5, in (0, 1); empty when
 *     probabilities are shown as they are
 * @param resize how the images that it was trained on were resized; empty when nobody said
 */
public record LoadedClassifier(
    ModelFacts facts,
    OnnxModel model,
    List<String> targets,
    OutputKind outputs,
    List<Double> operatingPoints,
    Optional<Resize> resize) {
  /** One that does not say how its images were resized. */
  public LoadedClassifier(
      ModelFacts facts,
      OnnxModel model,
      List<String> targets,
      OutputKind outputs,
      List<Double> operatingPoints) {
    this(facts, model, targets, outputs, operatingPoints, Optional.empty());
  }

  public LoadedClassifier {
    targets = List.copyOf(targets);
    operatingPoints = List.copyOf(operatingPoints);
    Shape in = model.graph().input().shape();
    Shape out = ShapeInference.infer(model.graph()).get(model.graph().output()).shape();
    if (in.rank() != 4 || in.dim(1) != 1 || in.dim(2) != in.dim(3)) {
      throw bad(facts, "it takes " + in + ", expected one square channel [Nx1xRxR]");
    }
    if (!out.equals(Shape.of(Shape.UNKNOWN, targets.size()))) {
      throw bad(facts, "it gives " + out + ", expected [Nx" + targets.size() + "] for its targets");
    }
    if (!operatingPoints.isEmpty()
        && (operatingPoints.size() != targets.size()
            || operatingPoints.stream().anyMatch(t -> !(t > 0 && t < 1)))) {
      throw bad(facts, "operating points " + operatingPoints + "; expected one in (0, 1) each");
    }
  }

  /** R in pixels. */
  public int resolution() {
    return model.graph().input().shape().dim(2);
  }

  /**
   * The output of a target, upper and lower case being the same.
   *
   * @throws ProblemException USAGE when there is no such target; the message lists what there is
   */
  public int index(String target) {
    return ClassifierFacts.index(facts.label(), targets, target);
  }

  private static ProblemException bad(ModelFacts facts, String what) {
    return new ProblemException(ProblemKind.BAD_DATA, facts.label() + ": " + what);
  }
}
