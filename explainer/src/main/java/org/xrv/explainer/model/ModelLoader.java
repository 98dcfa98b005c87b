package org.xrv.explainer.model;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.xrv.converter.composition.ClassifierFacts;
import org.xrv.converter.given.GivenModel;
import org.xrv.converter.onnx.OnnxModel;
import org.xrv.converter.onnx.OnnxReader;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.graph.Graph;
import org.xrv.core.image.Resize;
import org.xrv.core.io.Digests;
import org.xrv.core.modelpackage.ModelDescription;
import org.xrv.core.modelpackage.ModelKind;
import org.xrv.core.modelpackage.ModelMetadata;
import org.xrv.core.modelpackage.ModelPackage;

/**
 * Loads models that a user names: a directory with a model package, an ONNX file (classifiers), or
 * else a name for the source.
 */
public final class ModelLoader {
  /** ONNX metadata of a lone classifier file: its targets, separated by commas. */
  public static final String TARGETS = ModelMetadata.TARGETS;

  /** ONNX metadata of a lone classifier file: "logits" or "probabilities". */
  public static final String OUTPUTS = ModelMetadata.OUTPUTS;

  /** ONNX metadata of a lone classifier file: its preprocessing's id. */
  public static final String PREPROCESSING = ModelMetadata.PREPROCESSING;

  /** Architecture fact, or ONNX metadata separated by commas: one operating point per target. */
  public static final String OPERATING_POINTS = ModelMetadata.OPERATING_POINTS;

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
        found.description().preprocessing().resolution(),
        Resize.ofId(found.description().preprocessing().id()).orElseThrow());
  }

  /** Loads a classifier's package or file. */
  public LoadedClassifier classifier(String name) {
    return classifier(name, LoneClassifier.UNSAID);
  }

  /**
   * Loads a classifier's package or file.
   *
   * @param said about a file without a package; a package speaks for itself
   * @throws ProblemException USAGE when something is said about a package
   */
  public LoadedClassifier classifier(String name, LoneClassifier said) {
    if (name.toLowerCase(Locale.ROOT).endsWith(".onnx")) {
      return lone(Path.of(name), said);
    }
    if (!said.equals(LoneClassifier.UNSAID)) {
      throw new ProblemException(
          ProblemKind.USAGE,
          name + " is a model package, which itself states its targets and outputs");
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
            ClassifierFacts.points(name, d),
            Resize.ofId(d.preprocessing().id()));
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
    // A directory, so that there is a package
    return GivenModel.at(directory(name)).described(kind).orElseThrow();
  }

  private Path directory(String name) {
    Path directory = Path.of(name);
    if (Files.isDirectory(directory)) {
      return directory;
    }
    if (directory.isAbsolute() || name.startsWith(".") || Files.exists(directory)) {
      throw new ProblemException(
          ProblemKind.NOT_FOUND,
          name + " is no directory; give a model package's directory or a name in the zoo");
    }
    return source.directory(name);
  }

  /** A file without a package speaks for itself: by its metadata, else by its last op. */
  private static LoadedClassifier lone(Path file, LoneClassifier said) {
    OnnxModel model = singular(file);
    Graph graph = model.graph();
    return new LoadedClassifier(
        new ModelFacts(
            file.toString(), "", Map.of(file.getFileName().toString(), Digests.sha256(file))),
        model,
        said.targets().isEmpty() ? ClassifierFacts.targets(graph) : said.targets(),
        said.outputs().orElseGet(() -> ClassifierFacts.outputs(file, graph)),
        ClassifierFacts.points(file.toString(), graph.metadata().get(OPERATING_POINTS)),
        resize(file, graph.metadata().get(PREPROCESSING)));
  }

  /** A file that says nothing takes what the autoencoder takes. */
  private static Optional<Resize> resize(Path file, String stated) {
    if (stated == null) {
      return Optional.empty();
    }
    Optional<Resize> known = Resize.ofId(stated);
    if (known.isEmpty()) {
      throw new ProblemException(
          ProblemKind.BAD_DATA,
          file + " expects preprocessing '" + stated + "'; this version knows " + Resize.ids());
    }
    return known;
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
