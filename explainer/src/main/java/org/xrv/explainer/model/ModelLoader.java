package org.xrv.explainer.model;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.xrv.converter.onnx.OnnxModel;
import org.xrv.converter.onnx.OnnxReader;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.graph.Graph;
import org.xrv.core.graph.Op;
import org.xrv.core.graph.Shape;
import org.xrv.core.graph.ShapeInference;
import org.xrv.core.io.Digests;
import org.xrv.core.modelpackage.ModelDescription;
import org.xrv.core.modelpackage.ModelKind;
import org.xrv.core.modelpackage.ModelPackage;
import org.xrv.core.modelpackage.OutputKind;

/**
 * Loads models that a user names: a directory with a model package, an ONNX file (classifiers), or
 * else a name for the source.
 */
public final class ModelLoader {
  /** ONNX metadata of a lone classifier file: its targets, separated by commas. */
  public static final String TARGETS = "targets";

  /** ONNX metadata of a lone classifier file: "logits" or "probabilities". */
  public static final String OUTPUTS = "outputs";

  /** Architecture fact, or ONNX metadata separated by commas: one operating point per target. */
  public static final String OPERATING_POINTS = "operating_points";

  private final ModelSource source;

  public ModelLoader(ModelSource source) {
    this.source = source;
  }

  /** Loads an autoencoder's package. */
  public LoadedAutoencoder autoencoder(String name) {
    ModelPackage found = opened(name, ModelKind.AUTOENCODER);
    Path encoder = found.file(ModelDescription.ENCODER);
    Path decoder = found.file(ModelDescription.DECODER);
    return new LoadedAutoencoder(
        facts(name, found, encoder, decoder),
        singular(encoder),
        singular(decoder),
        found.description().preprocessing().resolution());
  }

  /** Loads a classifier's package or file. */
  public LoadedClassifier classifier(String name) {
    if (name.toLowerCase(Locale.ROOT).endsWith(".onnx")) {
      return lone(Path.of(name));
    }
    ModelPackage found = opened(name, ModelKind.CLASSIFIER);
    Path file = found.file(ModelDescription.MODEL);
    ModelDescription d = found.description();
    LoadedClassifier loaded =
        new LoadedClassifier(
            facts(name, found, file),
            singular(file),
            d.targets(),
            d.outputs(),
            points(name, d.architecture().get(OPERATING_POINTS)));
    if (loaded.resolution() != d.preprocessing().resolution()) {
      throw new ProblemException(
          ProblemKind.BAD_DATA,
          file
              + " takes images of "
              + loaded.resolution()
              + " pixels, although its description says "
              + d.preprocessing().resolution());
    }
    return loaded;
  }

  private ModelPackage opened(String name, ModelKind kind) {
    Path directory = Path.of(name);
    ModelPackage found =
        ModelPackage.read(Files.isDirectory(directory) ? directory : source.directory(name));
    if (found.description().kind() != kind) {
      throw new ProblemException(
          ProblemKind.USAGE,
          name
              + " is a model of kind "
              + found.description().kind().name().toLowerCase(Locale.ROOT)
              + "; here one of kind "
              + kind.name().toLowerCase(Locale.ROOT)
              + " is needed");
    }
    return found;
  }

  /** A file without a package speaks for itself: by its metadata, else by its last op. */
  private static LoadedClassifier lone(Path file) {
    OnnxModel model = singular(file);
    Graph graph = model.graph();
    Map<String, String> metadata = graph.metadata();
    Shape out = ShapeInference.infer(graph).get(graph.output()).shape();
    List<String> targets =
        metadata.containsKey(TARGETS)
            ? List.of(metadata.get(TARGETS).split(",", -1))
            : IntStream.range(0, Math.max(1, out.dim(-1))).mapToObj(Integer::toString).toList();
    boolean probabilities =
        metadata.containsKey(OUTPUTS)
            ? metadata.get(OUTPUTS).equals("probabilities")
            : graph.nodes().stream()
                .anyMatch(
                    n ->
                        n.outputs().contains(graph.output())
                            && (n.op() instanceof Op.Sigmoid || n.op() instanceof Op.Softmax));
    return new LoadedClassifier(
        new ModelFacts(
            file.toString(), "", Map.of(file.getFileName().toString(), Digests.sha256(file))),
        model,
        targets,
        probabilities ? OutputKind.PROBABILITIES : OutputKind.LOGITS,
        points(file.toString(), metadata.get(OPERATING_POINTS)));
  }

  private static List<Double> points(String name, Object stated) {
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

  private static OnnxModel singular(Path file) {
    OnnxModel model = OnnxReader.read(file);
    if (model.graph().inputs().size() != 1 || model.graph().outputs().size() != 1) {
      throw new ProblemException(
          ProblemKind.BAD_DATA,
          file
              + ": "
              + model.graph().inputs().size()
              + " inputs and "
              + model.graph().outputs().size()
              + " outputs; one each is expected");
    }
    return model;
  }

  private static ModelFacts facts(String given, ModelPackage found, Path... files) {
    Map<String, String> digests = new TreeMap<>();
    for (Path file : files) {
      digests.put(file.getFileName().toString(), Digests.sha256(file));
    }
    ModelDescription d = found.description();
    return new ModelFacts(d.name().isEmpty() ? given : d.name(), d.version(), digests);
  }
}
