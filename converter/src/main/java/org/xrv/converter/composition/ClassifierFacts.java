package org.xrv.converter.composition;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.error.Suggestions;
import org.xrv.core.graph.Graph;
import org.xrv.core.graph.Op;
import org.xrv.core.graph.ShapeInference;
import org.xrv.core.modelpackage.ModelDescription;
import org.xrv.core.modelpackage.ModelMetadata;
import org.xrv.core.modelpackage.OutputKind;

/** What packages and lone ONNX files say about a classifier's outputs. */
public final class ClassifierFacts {
  /** ONNX metadata of a lone file: its targets, separated by commas. */
  public static final String TARGETS = ModelMetadata.TARGETS;

  /** ONNX metadata of a lone file: "logits" or "probabilities". */
  public static final String OUTPUTS = ModelMetadata.OUTPUTS;

  /** Architecture fact, or ONNX metadata separated by commas: one operating point per target. */
  public static final String OPERATING_POINTS = ModelMetadata.OPERATING_POINTS;

  private ClassifierFacts() {}

  /** The targets that a lone file names; their numbers when it names none. */
  public static List<String> targets(Graph graph) {
    String stated = graph.metadata().get(TARGETS);
    int count = ShapeInference.infer(graph).get(graph.output()).shape().dim(-1);
    return stated != null
        ? List.of(stated.split(",", -1))
        : IntStream.range(0, Math.max(1, count)).mapToObj(Integer::toString).toList();
  }

  /** What a lone file says that its outputs are, by its metadata or else by its last op. */
  public static OutputKind outputs(Path file, Graph graph) {
    String stated = graph.metadata().get(OUTPUTS);
    if (stated == null) {
      boolean squashed =
          graph.nodes().stream()
              .anyMatch(
                  n ->
                      n.outputs().contains(graph.output())
                          && (n.op() instanceof Op.Sigmoid || n.op() instanceof Op.Softmax));
      return squashed ? OutputKind.PROBABILITIES : OutputKind.LOGITS;
    }
    return switch (stated) {
      case "logits" -> OutputKind.LOGITS;
      case "probabilities" -> OutputKind.PROBABILITIES;
      default ->
          throw new ProblemException(
              ProblemKind.BAD_DATA,
              file + ": outputs '" + stated + "'; logits or probabilities are known");
    };
  }

  /** Of the package's targets; those of earlier versions are a fact of the architecture. */
  public static List<Double> points(String name, ModelDescription d) {
    return d.targetDescriptions().isEmpty()
        ? points(name, d.architecture().get(OPERATING_POINTS))
        : d.operatingPoints();
  }

  /** As they are stated: a list, or text with commas; none when nothing is. */
  public static List<Double> points(String name, Object stated) {
    if (stated == null) {
      return List.of();
    }
    List<?> items = stated instanceof List<?> list ? list : List.of(stated.toString().split(","));
    try {
      return items.stream().map(i -> Double.valueOf(i.toString().strip())).toList();
    } catch (NumberFormatException e) {
      throw new ProblemException(
          ProblemKind.BAD_DATA, name + ": operating points " + stated + " are no numbers", e);
    }
  }

  /**
   * The output of a target, upper and lower case being the same.
   *
   * @param label of the classifier, for the message
   * @throws ProblemException USAGE when there is no such target; the message lists what there is
   */
  public static int index(String label, List<String> targets, String target) {
    for (int i = 0; i < targets.size(); i++) {
      if (targets.get(i).equalsIgnoreCase(target)) {
        return i;
      }
    }
    throw new ProblemException(
        ProblemKind.USAGE,
        label
            + " has no target '"
            + target
            + "'"
            + Suggestions.didYouMean(target, targets)
            + "; it has: "
            + String.join(", ", targets));
  }
}
