package org.xrv.converter.published;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.xrv.converter.export.PackagedNetwork;
import org.xrv.core.architecture.DenseNet;
import org.xrv.core.architecture.DenseNetSize;
import org.xrv.core.architecture.OutputNormalization;
import org.xrv.core.architecture.Recognition;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.graph.Graph;
import org.xrv.core.graph.Graphs;
import org.xrv.core.image.Resize;
import org.xrv.core.modelpackage.ModelDescription;
import org.xrv.core.modelpackage.ModelDescription.PreprocessingDescription;
import org.xrv.core.modelpackage.ModelMetadata;
import org.xrv.core.modelpackage.OutputKind;
import org.xrv.core.tensor.FloatTensor;
import org.xrv.core.tensor.NamedTensors;

/**
 * Imports classifiers of the DenseNet family, as torchxrayvision publishes them. Targets and
 * operating points are those that the user says, else those of the network that was saved whole
 * (targets or pathologies; op_threshs), else those of the file's metadata. What the library
 * computes from them after the last layer becomes nodes of the graph.
 *
 * @param size as the user says, if he does; else the weights tell
 * @param targets in the order of the outputs, as the user says; one without a name was not trained
 * @param operatingPoints per target, as the user says; NaN where there is none
 * @param resolution of the images in pixels
 */
public record ClassifierImport(
    Optional<DenseNetSize> size,
    List<String> targets,
    List<Float> operatingPoints,
    int resolution) {
  /** The outputs of the published classifiers, in order. */
  public static final List<String> PUBLISHED_TARGETS =
      List.of(
          "Atelectasis",
          "Consolidation",
          "Infiltration",
          "Pneumothorax",
          "Edema",
          "Emphysema",
          "Fibrosis",
          "Effusion",
          "Pneumonia",
          "Pleural_Thickening",
          "Cardiomegaly",
          "Nodule",
          "Mass",
          "Hernia",
          "Lung Lesion",
          "Fracture",
          "Lung Opacity",
          "Enlarged Cardiomediastinum");

  /** torchxrayvision's names, of a network's attributes. */
  static final List<String> TARGET_NAMES = List.of("targets", "pathologies");

  /** How a user says operating points. */
  public static final String OPERATING_POINTS = "--operating-points";

  static final String OP_THRESHS = "op_threshs";
  static final String APPLY_SIGMOID = "apply_sigmoid";

  /** What torchvision called the parts of a dense layer before 2018: norm.1 for norm1. */
  private static final Pattern OLD_NAME =
      Pattern.compile("(.*denselayer\\d+\\.(?:norm|conv))\\.([12]\\.[a-z_]+)");

  public ClassifierImport {
    targets = List.copyOf(targets);
    operatingPoints = List.copyOf(operatingPoints);
  }

  /**
   * The network of a file.
   *
   * @throws ProblemException USAGE when what the user says does not fit, BAD_DATA when the file's
   *     tensors do not
   */
  public ImportedNetwork of(WeightFile file) {
    NamedTensors tensors = named(file.tensors());
    if (!Recognition.isDenseNet(tensors)) {
      throw new ProblemException(
          ProblemKind.BAD_DATA, file.what() + " is no DenseNet" + Fitting.seems(tensors));
    }
    DenseNet network = network(file, tensors);
    NamedTensors weights =
        Fitting.weights(
            file,
            tensors,
            network.graph(),
            "the DenseNet with blocks "
                + network.blocks()
                + ", growth "
                + network.growth()
                + ", "
                + network.outputs()
                + " outputs");
    List<String> remarks = new ArrayList<>(file.remarks());
    List<String> names = targets(file, network.outputs(), remarks);
    Optional<OutputNormalization> outputs = outputs(file, network.outputs(), remarks);

    Map<String, Object> facts = new LinkedHashMap<>(network.facts());
    Graph graph = network.graph();
    if (outputs.isPresent()) {
      graph = Graphs.chain(graph.name(), graph, outputs.get().graph(network.outputs()));
      weights = weights.with(outputs.get().constants());
      if (outputs.get().operatingPoints().isEmpty() || outputs.get().twice()) {
        facts.put(APPLY_SIGMOID, true);
      }
      if (!outputs.get().operatingPoints().isEmpty()) {
        facts.put(ModelMetadata.APPLIED_OPERATING_POINTS, joined(outputs.get().operatingPoints()));
      }
    }
    ModelDescription description =
        ModelDescription.classifier(
            facts,
            PreprocessingDescription.of(Resize.ANTIALIAS, resolution),
            names,
            outputs.isPresent() ? OutputKind.PROBABILITIES : OutputKind.LOGITS,
            Map.of(),
            ImportedNetwork.UNKNOWN_DATA,
            "",
            "Classifier of chest X-rays, imported from "
                + file.source().getFileName()
                + ". For research, not for diagnosis.",
            List.of());
    return new ImportedNetwork(
        file,
        description,
        List.of(new PackagedNetwork(ModelDescription.MODEL, graph)),
        weights,
        remarks);
  }

  /** Today's names, without the operating points. */
  private static NamedTensors named(NamedTensors tensors) {
    Map<String, FloatTensor> named = new LinkedHashMap<>();
    tensors
        .tensors()
        .forEach(
            (name, tensor) -> {
              if (!name.equals(OP_THRESHS)) {
                named.put(OLD_NAME.matcher(name).replaceFirst("$1$2"), tensor);
              }
            });
    return new NamedTensors(named);
  }

  private DenseNet network(WeightFile file, NamedTensors tensors) {
    int outputs =
        Recognition.outputs(tensors)
            .orElseThrow(
                () ->
                    new ProblemException(
                        ProblemKind.BAD_DATA,
                        file.what() + " has no " + DenseNet.LAST_WEIGHT + Fitting.seems(tensors)));
    return size.map(s -> s.network(outputs, resolution))
        .or(() -> Recognition.denseNet(tensors, resolution))
        .orElseThrow(
            () ->
                new ProblemException(
                    ProblemKind.BAD_DATA,
                    file.what() + " is an unknown DenseNet" + Fitting.seems(tensors)));
  }

  private List<String> targets(WeightFile file, int outputs, List<String> remarks) {
    List<String> found = targets;
    String from = "--targets";
    for (String attribute : TARGET_NAMES) {
      if (found.isEmpty()) {
        found = file.network().texts(attribute);
        from = "'" + attribute + "' of " + file.source();
      }
    }
    String stated = file.metadata().get(ModelMetadata.TARGETS);
    if (found.isEmpty() && stated != null) {
      found = List.of(stated.split(",", -1));
      from = "the metadata of " + file.source();
    }
    if (found.isEmpty() && outputs == PUBLISHED_TARGETS.size()) {
      remarks.add(
          file.source()
              + " does not name its targets; the 18 of the published classifiers are taken, in their"
              + " order (--targets says others)");
      return PUBLISHED_TARGETS;
    }
    if (found.size() != outputs) {
      throw new ProblemException(
          found.equals(targets) ? ProblemKind.USAGE : ProblemKind.BAD_DATA,
          found.isEmpty()
              ? file.what()
                  + " has "
                  + outputs
                  + " outputs and does not name them; give --targets NAME,NAME,..."
              : from + " has " + found.size() + " names for " + outputs + " outputs: " + found);
    }
    return found;
  }

  private Optional<OutputNormalization> outputs(
      WeightFile file, int outputs, List<String> remarks) {
    boolean sigmoid =
        file.network().isTrue(APPLY_SIGMOID)
            || Boolean.parseBoolean(file.metadata().get(APPLY_SIGMOID));
    List<Float> points = operatingPoints(file);
    ProblemKind kind = operatingPoints.isEmpty() ? ProblemKind.BAD_DATA : ProblemKind.USAGE;
    if (points.isEmpty()) {
      if (!sigmoid) {
        remarks.add(
            file.source()
                + " has no operating points: the outputs are logits (--operating-points gives them,"
                + " where the library keeps them beside the file)");
        return Optional.empty();
      }
      return Optional.of(new OutputNormalization(List.of(), false));
    }
    if (points.size() != outputs) {
      throw new ProblemException(
          kind,
          points.size() + " operating points for the " + outputs + " outputs of " + file.source());
    }
    try {
      return Optional.of(new OutputNormalization(points, sigmoid));
    } catch (ProblemException e) {
      throw new ProblemException(
          kind,
          (operatingPoints.isEmpty() ? file.source().toString() : OPERATING_POINTS)
              + ": "
              + e.getMessage(),
          e);
    }
  }

  private List<Float> operatingPoints(WeightFile file) {
    if (!operatingPoints.isEmpty()) {
      return operatingPoints;
    }
    FloatTensor buffer = file.tensors().tensors().get(OP_THRESHS);
    if (buffer != null) {
      List<Float> points = new ArrayList<>();
      for (float t : buffer.data()) {
        points.add(t);
      }
      return points;
    }
    List<Double> attribute = file.network().numbers(OP_THRESHS);
    if (!attribute.isEmpty()) {
      return attribute.stream().map(Double::floatValue).toList();
    }
    String stated = file.metadata().get(ModelMetadata.APPLIED_OPERATING_POINTS);
    return stated == null
        ? List.of()
        : parse(file.source().toString(), ProblemKind.BAD_DATA, Arrays.asList(stated.split(",")));
  }

  /**
   * What a user says as operating points: numbers, "nan" in any case for none.
   *
   * @throws ProblemException USAGE when one is no number
   */
  public static List<Float> points(List<String> said) {
    return parse(OPERATING_POINTS, ProblemKind.USAGE, said);
  }

  private static List<Float> parse(String source, ProblemKind kind, List<String> points) {
    List<Float> numbers = new ArrayList<>();
    for (String point : points) {
      String text = point.strip();
      try {
        numbers.add(text.equalsIgnoreCase("nan") ? Float.NaN : Float.parseFloat(text));
      } catch (NumberFormatException e) {
        throw new ProblemException(
            kind,
            source + ": operating point '" + text + "' is no number; NaN says that there is none",
            e);
      }
    }
    return numbers;
  }

  private static String joined(List<Float> points) {
    return points.stream().map(String::valueOf).collect(Collectors.joining(","));
  }
}
