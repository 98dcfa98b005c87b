package org.xrv.core.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Builds a {@link Graph} node by node; each method checks the shapes and returns the name of the
 * value it makes. Layers declare their parameters by the names of PyTorch modules ("conv1" declares
 * "conv1.weight"). Not for several threads.
 */
public final class GraphBuilder {
  private final String name;
  private final List<ValueInfo> inputs = new ArrayList<>();
  private final List<Node> nodes = new ArrayList<>();
  private final Map<String, Parameter> parameters = new LinkedHashMap<>();
  private final Map<String, ValueInfo> values = new HashMap<>();
  private final Map<String, String> metadata = new HashMap<>();

  public GraphBuilder(String name) {
    this.name = name;
  }

  public String input(String input, ElementType type, Shape shape) {
    ValueInfo info = new ValueInfo(input, type, shape);
    inputs.add(info);
    values.put(input, info);
    return input;
  }

  /** A float input whose first dimension is the symbolic batch. */
  public String input(String input, int... dimsAfterBatch) {
    int[] dims = new int[dimsAfterBatch.length + 1];
    dims[0] = Shape.UNKNOWN;
    System.arraycopy(dimsAfterBatch, 0, dims, 1, dimsAfterBatch.length);
    return input(input, ElementType.FLOAT, Shape.of(dims));
  }

  public String parameter(String parameter, ParameterKind kind, int... dims) {
    return parameter(new Parameter(parameter, Shape.of(dims), kind));
  }

  public String parameter(Parameter p) {
    if (parameters.putIfAbsent(p.name(), p) != null) {
      throw new IllegalArgumentException("parameter '" + p.name() + "' is declared twice");
    }
    values.put(p.name(), new ValueInfo(p.name(), ElementType.FLOAT, p.shape()));
    return p.name();
  }

  /** Adds a node with one output, named like the node. */
  public String node(String node, Op op, String... in) {
    return node(new Node(node, op, Arrays.asList(in), List.of(node))).get(0);
  }

  /** Adds a node as it is and returns its outputs. */
  public List<String> node(Node node) {
    ShapeInference.infer(node, values).forEach(v -> values.put(v.name(), v));
    nodes.add(node);
    return node.outputs();
  }

  /** The shape of a value made so far. */
  public Shape shape(String value) {
    return info(value).shape();
  }

  public ValueInfo info(String value) {
    ValueInfo info = values.get(value);
    if (info == null) {
      throw new IllegalArgumentException("no value '" + value + "'");
    }
    return info;
  }

  /** A square convolution without bias, parameter "layer.weight". */
  public String conv(String layer, String x, int channels, int kernel, int stride, int padding) {
    String w =
        parameter(
            layer + ".weight",
            ParameterKind.CONV_WEIGHT,
            channels,
            shape(x).dim(1),
            kernel,
            kernel);
    return node(layer, new Op.Conv(both(stride), around(padding), both(1), 1), x, w);
  }

  /**
   * A square transposed convolution without bias, parameter "layer.weight" of shape [in, channels,
   * kernel, kernel].
   */
  public String convTranspose(
      String layer,
      String x,
      int channels,
      int kernel,
      int stride,
      int padding,
      int outputPadding) {
    String w =
        parameter(
            layer + ".weight",
            ParameterKind.CONV_WEIGHT,
            shape(x).dim(1),
            channels,
            kernel,
            kernel);
    return node(
        layer,
        new Op.ConvTranspose(both(stride), around(padding), both(outputPadding), both(1), 1),
        x,
        w);
  }

  /**
   * Batch normalization with PyTorch's defaults (epsilon 1e-5, its momentum 0.1, which is ONNX's
   * 0.9).
   */
  public String batchNorm(String layer, String x) {
    int c = shape(x).dim(1);
    return node(
        layer,
        new Op.BatchNormalization(1e-5f, 0.9f),
        x,
        parameter(layer + ".weight", ParameterKind.BATCH_NORM_SCALE, c),
        parameter(layer + ".bias", ParameterKind.BATCH_NORM_SHIFT, c),
        parameter(layer + ".running_mean", ParameterKind.RUNNING_MEAN, c),
        parameter(layer + ".running_var", ParameterKind.RUNNING_VARIANCE, c));
  }

  public String relu(String node, String x) {
    return node(node, new Op.Relu(), x);
  }

  /** A dense layer with bias, parameters "layer.weight" [out, in] and "layer.bias". */
  public String linear(String layer, String x, int out) {
    String w = parameter(layer + ".weight", ParameterKind.LINEAR_WEIGHT, out, shape(x).dim(1));
    String b = parameter(layer + ".bias", ParameterKind.BIAS, out);
    return node(layer, new Op.Gemm(1, 1, false, true), x, w, b);
  }

  public String maxPool(String node, String x, int kernel, int stride, int padding) {
    return node(node, new Op.MaxPool(both(kernel), both(stride), around(padding)), x);
  }

  public GraphBuilder metadata(String key, String value) {
    metadata.put(key, value);
    return this;
  }

  public Graph build(String... outputs) {
    return new Graph(name, inputs, List.of(outputs), nodes, parameters, metadata);
  }

  /** The same number for height and width. */
  public static List<Integer> both(int n) {
    return List.of(n, n);
  }

  /** The same padding on all four sides. */
  public static List<Integer> around(int n) {
    return List.of(n, n, n, n);
  }
}
