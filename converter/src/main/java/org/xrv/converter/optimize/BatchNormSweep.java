package org.xrv.converter.optimize;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.xrv.converter.onnx.OnnxModel;
import org.xrv.core.graph.Graph;
import org.xrv.core.graph.Node;
import org.xrv.core.graph.Op;
import org.xrv.core.graph.Parameter;
import org.xrv.core.graph.ParameterKind;
import org.xrv.core.graph.Shape;
import org.xrv.core.tensor.FloatTensor;
import org.xrv.core.tensor.NamedTensors;

/** One way through a graph that folds BatchNorms in one direction. */
final class BatchNormSweep {
  private static final String WEIGHT = ".weight";
  private static final String BIAS = ".bias";

  private final OnnxModel model;
  private final Graph graph;
  private final Uses uses;
  private final Map<String, Parameter> parameters;
  private final Map<String, FloatTensor> weights;
  private final Set<String> names = new HashSet<>();
  private final Map<Node, Node> replaced = new HashMap<>();
  private final Set<Node> removed = new HashSet<>();

  BatchNormSweep(OnnxModel model) {
    this.model = model;
    graph = model.graph();
    uses = new Uses(graph);
    parameters = new LinkedHashMap<>(graph.parameters());
    weights = new LinkedHashMap<>(model.weights().tensors());
    names.addAll(parameters.keySet());
    graph.inputs().forEach(i -> names.add(i.name()));
    graph.nodes().forEach(n -> names.addAll(n.outputs()));
  }

  /** Folds each BatchNorm into the convolution that it follows. */
  OnnxModel behindConvolutions() {
    for (Node norm : graph.nodes()) {
      Optional<Affine> affine = Affine.of(norm, graph.parameters().keySet(), model.weights());
      Optional<Node> before = affine.flatMap(a -> uses.maker(norm.input(0)));
      if (before.filter(this::isOpen).isPresent() && uses.only(norm.input(0)).isPresent()) {
        behind(before.get(), norm, affine.get());
      }
    }
    return changed();
  }

  /** Folds each BatchNorm into the Conv that it precedes. */
  OnnxModel beforeConvolutions() {
    for (Node norm : graph.nodes()) {
      Optional<Affine> affine = Affine.of(norm, graph.parameters().keySet(), model.weights());
      Optional<Node> after = affine.flatMap(a -> uses.only(norm.output()));
      if (after.filter(this::isOpen).isPresent() && after.get().op() instanceof Op.Conv conv) {
        boolean pads = conv.pads().stream().anyMatch(p -> p != 0);
        if (!pads || !affine.get().shifts()) {
          before(norm, after.get(), conv.group(), affine.get());
        }
      }
    }
    return changed();
  }

  /** Whether a node is a convolution by weights, its input no weight, and not changed yet. */
  private boolean isOpen(Node node) {
    return (node.op() instanceof Op.Conv || node.op() instanceof Op.ConvTranspose)
        && !replaced.containsKey(node)
        && !graph.parameters().containsKey(node.input(0))
        && graph.parameters().keySet().containsAll(node.inputs().subList(1, node.inputs().size()));
  }

  private void behind(Node conv, Node norm, Affine affine) {
    FloatTensor w = model.weights().get(conv.input(1));
    float[] scaled = new float[w.data().length];
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] = (float) (w.data()[i] * affine.scale()[outputChannel(conv.op(), w.shape(), i)]);
    }
    float[] old = bias(conv, affine.scale().length);
    float[] bias = new float[old.length];
    for (int m = 0; m < bias.length; m++) {
      bias[m] = (float) (old[m] * affine.scale()[m] + affine.shift()[m]);
    }
    replace(conv, conv.input(0), norm.output(), norm, scaled, bias);
  }

  private void before(Node norm, Node conv, int group, Affine affine) {
    FloatTensor w = model.weights().get(conv.input(1));
    int kernels = w.shape().dim(0);
    int inputs = w.shape().dim(1);
    int area = w.shape().dim(2) * w.shape().dim(3);
    float[] scaled = new float[w.data().length];
    float[] old = bias(conv, kernels);
    float[] bias = new float[kernels];
    for (int m = 0; m < kernels; m++) {
      double sum = old[m];
      int first = m / (kernels / group) * inputs;
      for (int k = 0; k < inputs * area; k++) {
        int i = m * inputs * area + k;
        int c = first + k / area;
        scaled[i] = (float) (w.data()[i] * affine.scale()[c]);
        sum += w.data()[i] * affine.shift()[c];
      }
      bias[m] = (float) sum;
    }
    replace(conv, norm.input(0), conv.output(), norm, scaled, bias);
  }

  /** The output channel that element i of a weight belongs to. */
  private static int outputChannel(Op op, Shape w, int i) {
    if (op instanceof Op.ConvTranspose c) { // [C, M / group, kH, kW]
      int area = w.dim(2) * w.dim(3);
      int perGroup = w.dim(0) / c.group();
      return i / (w.dim(1) * area) / perGroup * w.dim(1) + i / area % w.dim(1);
    }
    return i / (w.dim(1) * w.dim(2) * w.dim(3)); // [M, C / group, kH, kW]
  }

  private float[] bias(Node conv, int channels) {
    return conv.inputs().size() > 2
        ? model.weights().get(conv.input(2)).data()
        : new float[channels];
  }

  private void replace(Node conv, String x, String y, Node norm, float[] weight, float[] bias) {
    if (!allFinite(weight) || !allFinite(bias)) {
      return;
    }
    String w = conv.input(1);
    Shape shape = model.weights().get(w).shape();
    String base = w.endsWith(WEIGHT) ? w.substring(0, w.length() - WEIGHT.length()) : conv.name();
    boolean biased = conv.inputs().size() > 2;
    String weightName = put(w, true, shape, ParameterKind.CONV_WEIGHT, weight);
    String biasName =
        put(
            biased ? conv.input(2) : base + BIAS,
            biased,
            Shape.of(bias.length),
            ParameterKind.BIAS,
            bias);
    replaced.put(
        conv, new Node(conv.name(), conv.op(), List.of(x, weightName, biasName), List.of(y)));
    removed.add(norm);
  }

  /** Under the old name where the convolution alone has it, else under one of its own. */
  private String put(String wish, boolean existing, Shape shape, ParameterKind kind, float[] data) {
    String name = wish;
    if (!existing || uses.of(wish).size() > 1 || uses.isOutput(wish)) {
      while (!names.add(name)) {
        name += "'";
      }
    }
    parameters.put(name, new Parameter(name, shape, kind));
    weights.put(name, new FloatTensor(shape, data));
    return name;
  }

  private static boolean allFinite(float[] data) {
    for (float v : data) {
      if (!Float.isFinite(v)) {
        return false;
      }
    }
    return true;
  }

  private OnnxModel changed() {
    List<Node> nodes = new ArrayList<>();
    for (Node node : graph.nodes()) {
      if (!removed.contains(node)) {
        nodes.add(replaced.getOrDefault(node, node));
      }
    }
    return new DropUnused()
        .apply(new OnnxModel(graph.withNodes(nodes, parameters), new NamedTensors(weights)));
  }
}
