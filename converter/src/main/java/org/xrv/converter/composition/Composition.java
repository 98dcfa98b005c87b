package org.xrv.converter.composition;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.xrv.converter.autodiff.Gradients;
import org.xrv.converter.autodiff.ReluRule;
import org.xrv.converter.onnx.OnnxModel;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.graph.ElementType;
import org.xrv.core.graph.Graph;
import org.xrv.core.graph.Graphs;
import org.xrv.core.graph.Node;
import org.xrv.core.graph.Parameter;
import org.xrv.core.graph.Shape;
import org.xrv.core.graph.ShapeInference;
import org.xrv.core.graph.ValueInfo;
import org.xrv.core.tensor.FloatTensor;
import org.xrv.core.tensor.NamedTensors;

/**
 * A classifier, with or without a decoder before it, as one graph with these names at its border: z
 * or image, target; x0, outputs, output, prediction.
 */
public final class Composition {
  /** Input: the decoder's latent code. */
  public static final String Z = "z";

  /** Input, where there is no decoder: the classifier's image. */
  public static final String IMAGE = "image";

  /** Input, where the target is chosen at run time: int64 [N]. */
  public static final String TARGET = "target";

  /** Output: the decoder's image, before any adapter. */
  public static final String X0 = "x0";

  /** Output: what the classifier gives for all targets, [N, targets]. */
  public static final String OUTPUTS = "outputs";

  /** Output: what it gives for the target, [N, 1]. */
  public static final String OUTPUT = "output";

  /** Output: the target's probability, [N, 1]. */
  public static final String PREDICTION = "prediction";

  private static final String DECODER = "decoder.";
  private static final String ADAPTER = "adapter.";
  private static final String CLASSIFIER = "classifier.";
  private static final String HEAD = "target.";

  private final OnnxModel forward;
  private final String variable;

  private Composition(OnnxModel forward, String variable) {
    this.forward = forward;
    this.variable = variable;
  }

  /**
   * Decoder and classifier.
   *
   * @param given the range of the decoder's images
   * @param taken the range of the images that the classifier takes
   * @throws ProblemException USAGE when the one's images cannot be made the other's
   */
  public static Composition of(
      OnnxModel decoder, PixelRange given, OnnxModel classifier, PixelRange taken) {
    requireClassifier(classifier.graph());
    Joint joint = new Joint();
    String z = joint.input(Z, only(decoder.graph(), "the decoder").shape());
    String image = joint.append(DECODER, decoder, z, X0);
    OnnxModel adapter =
        ImageAdapter.between(joint.shape(image), given, classifier.graph().input().shape(), taken);
    String adapted = joint.append(ADAPTER, adapter, image, null);
    joint.append(CLASSIFIER, classifier, adapted, OUTPUTS);
    return new Composition(joint.model("latent", classifier, List.of(X0, OUTPUTS)), Z);
  }

  /** A classifier alone. */
  public static Composition of(OnnxModel classifier) {
    requireClassifier(classifier.graph());
    Joint joint = new Joint();
    String image = joint.input(IMAGE, classifier.graph().input().shape());
    joint.append(CLASSIFIER, classifier, image, OUTPUTS);
    return new Composition(joint.model("classifier", classifier, List.of(OUTPUTS)), IMAGE);
  }

  private static ValueInfo only(Graph graph, String what) {
    if (graph.inputs().size() != 1 || graph.outputs().size() != 1) {
      throw new ProblemException(
          ProblemKind.BAD_DATA,
          what
              + " has the inputs "
              + graph.inputs().stream().map(i -> i.name() + " " + i.shape()).toList()
              + " and the outputs "
              + graph.outputs()
              + "; one each is expected");
    }
    return graph.input();
  }

  private static void requireClassifier(Graph graph) {
    Shape in = only(graph, "the classifier").shape();
    if (in.rank() != 4 || (in.dim(1) != 1 && in.dim(1) != 3)) {
      throw new ProblemException(
          ProblemKind.BAD_DATA,
          "the classifier takes " + in + ", which is no image [N, 1 or 3, height, width]");
    }
    Shape out = ShapeInference.infer(graph).get(graph.output()).shape();
    if (out.rank() != 2 || out.dim(0) != Shape.UNKNOWN || out.dim(1) == Shape.UNKNOWN) {
      throw new ProblemException(
          ProblemKind.BAD_DATA,
          "the classifier gives " + out + "; [N, targets], a number for each, is expected");
    }
  }

  /** z or image. */
  public String variable() {
    return variable;
  }

  /** How many outputs the classifier has. */
  public int targets() {
    return ShapeInference.infer(forward.graph()).get(OUTPUTS).shape().dim(1);
  }

  /** Without a target: x0 where there is a decoder, and outputs. */
  public OnnxModel forward() {
    return forward;
  }

  /** With a target: output and prediction further. */
  public OnnxModel predicting(Prediction prediction, Target target) {
    Joint joint = new Joint(forward);
    OnnxModel head = prediction.graph(target);
    joint.appendHead(head);
    List<String> outputs = new ArrayList<>(forward.graph().outputs());
    outputs.add(OUTPUT);
    outputs.add(PREDICTION);
    return joint.model(forward.graph().name(), forward, outputs);
  }

  /** Which number a gradient is of. */
  public enum Derived {
    /** The classifier's own number for the target. */
    OUTPUT,
    /** The target's probability. */
    PREDICTION
  }

  /**
   * With a gradient: d_z or d_image further, of each sample's own number.
   *
   * @throws ProblemException BAD_DATA when there is no gradient, naming the node and its op
   */
  public OnnxModel gradient(Prediction prediction, Target target, Derived derived, ReluRule relus) {
    OnnxModel predicting = predicting(prediction, target);
    try {
      Graph graph =
          Gradients.of(
              predicting.graph(), derived == Derived.OUTPUT ? OUTPUT : PREDICTION, variable, relus);
      return new OnnxModel(graph, predicting.weights());
    } catch (IllegalArgumentException e) {
      throw new ProblemException(
          ProblemKind.BAD_DATA, "it cannot be differentiated: " + e.getMessage(), e);
    }
  }

  /** Graphs one after the other. */
  private static final class Joint {
    private final List<ValueInfo> inputs = new ArrayList<>();
    private final List<Node> nodes = new ArrayList<>();
    private final Map<String, Parameter> parameters = new LinkedHashMap<>();
    private final Map<String, FloatTensor> weights = new LinkedHashMap<>();

    Joint() {}

    Joint(OnnxModel first) {
      inputs.addAll(first.graph().inputs());
      nodes.addAll(first.graph().nodes());
      parameters.putAll(first.graph().parameters());
      weights.putAll(first.weights().tensors());
    }

    String input(String name, Shape shape) {
      inputs.add(new ValueInfo(name, ElementType.FLOAT, shape));
      return name;
    }

    /**
     * Adds a model of one input and one output.
     *
     * @param output what its output is called from now on; null to keep its name
     */
    String append(String prefix, OnnxModel model, String input, String output) {
      Map<String, String> border = new HashMap<>();
      border.put(prefix + model.graph().input().name(), input);
      String given =
          border.getOrDefault(prefix + model.graph().output(), prefix + model.graph().output());
      if (output != null && given.startsWith(prefix)) {
        border.put(given, output);
        given = output;
      }
      add(prefix, model, border);
      return given;
    }

    void appendHead(OnnxModel head) {
      Map<String, String> border = new HashMap<>();
      border.put(HEAD + "outputs", OUTPUTS);
      border.put(HEAD + "output", OUTPUT);
      border.put(HEAD + "prediction", PREDICTION);
      head.graph().inputs().stream()
          .filter(i -> i.name().equals("target"))
          .forEach(
              i -> {
                border.put(HEAD + i.name(), TARGET);
                inputs.add(new ValueInfo(TARGET, i.type(), i.shape()));
              });
      add(HEAD, head, border);
    }

    private void add(String prefix, OnnxModel model, Map<String, String> border) {
      Graph graph = Graphs.prefixed(model.graph(), prefix);
      for (Node n : graph.nodes()) {
        nodes.add(
            new Node(n.name(), n.op(), renamed(n.inputs(), border), renamed(n.outputs(), border)));
      }
      parameters.putAll(graph.parameters());
      NamedTensors own = model.weights().prefixed(prefix);
      graph.parameters().keySet().forEach(p -> weights.put(p, own.get(p)));
    }

    private static List<String> renamed(List<String> names, Map<String, String> border) {
      return names.stream().map(n -> border.getOrDefault(n, n)).toList();
    }

    Shape shape(String value) {
      return ShapeInference.infer(new Graph("part", inputs, List.of(), nodes, parameters, Map.of()))
          .get(value)
          .shape();
    }

    /** What a file says about itself travels on with the metadata. */
    OnnxModel model(String name, OnnxModel metadata, List<String> outputs) {
      return new OnnxModel(
          new Graph(name, inputs, outputs, nodes, parameters, metadata.graph().metadata()),
          new NamedTensors(weights));
    }
  }
}
