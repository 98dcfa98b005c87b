package org.xrv.converter.composition;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.xrv.converter.given.GivenModel;
import org.xrv.converter.onnx.OnnxModel;
import org.xrv.converter.onnx.OnnxReader;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.graph.Graph;
import org.xrv.core.modelpackage.ModelDescription;
import org.xrv.core.modelpackage.ModelKind;
import org.xrv.core.modelpackage.ModelPackage;
import org.xrv.core.modelpackage.OutputKind;

/**
 * A classifier as a user names it: a model package's directory or an ONNX file.
 *
 * @param targets in the order of the outputs
 * @param outputs what they are
 * @param operatingPoints per target; empty for none
 * @param range of the images that it takes
 */
public record ClassifierFile(
    Path path,
    OnnxModel model,
    List<String> targets,
    OutputKind outputs,
    List<Double> operatingPoints,
    PixelRange range) {
  public ClassifierFile {
    targets = List.copyOf(targets);
    operatingPoints = List.copyOf(operatingPoints);
    // Refuses what is no classifier before anything is said about its targets.
    int count = Composition.of(model).targets();
    if (targets.size() != count) {
      throw new ProblemException(
          ProblemKind.BAD_DATA, path + " has " + count + " outputs, and the targets " + targets);
    }
    if (!operatingPoints.isEmpty()
        && (operatingPoints.size() != count
            || operatingPoints.stream().anyMatch(t -> !(t > 0 && t < 1)))) {
      throw new ProblemException(
          ProblemKind.BAD_DATA,
          path + ": operating points " + operatingPoints + "; expected one in (0, 1) each");
    }
  }

  /**
   * What a user says about a file without a package.
   *
   * @param targets empty when the file tells
   * @param outputs empty when the file tells
   * @param range empty for that of torchxrayvision
   */
  public record Said(
      List<String> targets, Optional<OutputKind> outputs, Optional<PixelRange> range) {
    public Said {
      targets = List.copyOf(targets);
    }
  }

  /**
   * Reads one.
   *
   * @throws ProblemException BAD_DATA for what is no classifier; USAGE when something is said about
   *     a package, which speaks for itself
   */
  public static ClassifierFile read(Path path, Said said) {
    GivenModel given = GivenModel.at(path);
    Optional<ModelPackage> described = given.described(ModelKind.CLASSIFIER);
    if (described.isPresent()) {
      if (!said.equals(new Said(List.of(), Optional.empty(), Optional.empty()))) {
        throw new ProblemException(
            ProblemKind.USAGE,
            path + " is a model package, which itself states its targets, outputs and range");
      }
      ModelPackage found = described.get();
      ModelDescription d = found.description();
      return new ClassifierFile(
          path,
          OnnxReader.read(found.file(ModelDescription.MODEL)),
          d.targets(),
          d.outputs(),
          ClassifierFacts.points(path.toString(), d),
          new PixelRange(d.preprocessing().low(), d.preprocessing().high()));
    }
    OnnxModel model = OnnxReader.read(given.network());
    Composition.of(model);
    Graph graph = model.graph();
    return new ClassifierFile(
        path,
        model,
        said.targets().isEmpty() ? ClassifierFacts.targets(graph) : said.targets(),
        said.outputs().orElseGet(() -> ClassifierFacts.outputs(path, graph)),
        ClassifierFacts.points(
            path.toString(), graph.metadata().get(ClassifierFacts.OPERATING_POINTS)),
        said.range().orElse(PixelRange.XRV));
  }

  /** The output of a target. */
  public int index(String target) {
    return ClassifierFacts.index(path.toString(), targets, target);
  }

  /** From outputs to probabilities. */
  public Prediction prediction() {
    return new Prediction(targets.size(), outputs, operatingPoints);
  }
}
