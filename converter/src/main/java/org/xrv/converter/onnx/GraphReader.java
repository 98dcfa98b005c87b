package org.xrv.converter.onnx;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.xrv.converter.onnx.proto.GraphProto;
import org.xrv.converter.onnx.proto.NodeProto;
import org.xrv.converter.onnx.proto.TensorProto;
import org.xrv.converter.onnx.proto.TensorShapeProto;
import org.xrv.converter.onnx.proto.TypeProto;
import org.xrv.converter.onnx.proto.ValueInfoProto;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.graph.ElementType;
import org.xrv.core.graph.Graph;
import org.xrv.core.graph.GraphBuilder;
import org.xrv.core.graph.Node;
import org.xrv.core.graph.Op;
import org.xrv.core.graph.Parameter;
import org.xrv.core.graph.ParameterKind;
import org.xrv.core.graph.Shape;
import org.xrv.core.tensor.FloatTensor;
import org.xrv.core.tensor.NamedTensors;

/** One file's graph, node by node. */
final class GraphReader {
  /** Of a tensor; no network of images needs as many. */
  static final int MAX_RANK = 16;

  /** Whole numbers that become indices or a mask, in float32, which has them exactly up to here. */
  private static final long EXACT = 1 << 24;

  private final String source;
  private final long opset;
  private final GraphProto proto;
  private final Weights weights;
  private final TensorReader tensors;
  private final boolean opening;
  private final Map<String, FloatTensor> floats;
  private final IntegerFolding integers;
  private final Set<String> defined = new HashSet<>();
  private final Names names;
  private final Map<String, Parameter> parameters = new LinkedHashMap<>();
  private final GraphBuilder builder;
  private final BatchFactors factors;
  private String batchInput;
  private boolean opened;

  /**
   * Prepares to read.
   *
   * @param opening whether a batch that the file fixes to one is taken as open
   */
  GraphReader(
      String source,
      long opset,
      GraphProto proto,
      Weights weights,
      TensorReader tensors,
      boolean opening) {
    this.source = source;
    this.opset = opset;
    this.proto = proto;
    this.weights = weights;
    this.tensors = tensors;
    this.opening = opening;
    this.floats = new LinkedHashMap<>(weights.floats());
    this.integers = new IntegerFolding(tensors);
    this.names = new Names(proto, weights);
    this.builder = new GraphBuilder(proto.getName());
    this.factors = new BatchFactors(builder);
  }

  static boolean isStandard(String domain) {
    return domain.isEmpty() || domain.equals("ai.onnx");
  }

  /** Whether a batch that the file fixes to one was taken as open. */
  boolean isOpened() {
    return opened;
  }

  OnnxModel read(Map<String, String> metadata) {
    weights.integers().forEach(integers::put);
    try {
      if (proto.getSparseInitializerCount() > 0) {
        throw new IllegalArgumentException("sparse weights are not read");
      }
      for (ValueInfoProto input : proto.getInputList()) {
        // Old files list the weights among the inputs.
        if (!floats.containsKey(input.getName()) && !integers.has(input.getName())) {
          input(input);
        }
      }
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw bad(e.getMessage(), e);
    }
    for (NodeProto node : proto.getNodeList()) {
      try {
        node(node);
      } catch (IllegalArgumentException
          | IllegalStateException
          | IndexOutOfBoundsException
          | ArithmeticException e) {
        throw bad(at(node) + ": " + e.getMessage(), e);
      }
    }
    try {
      return finished(metadata);
    } catch (IllegalArgumentException e) {
      throw bad(e.getMessage(), e);
    }
  }

  private OnnxModel finished(Map<String, String> metadata) {
    List<String> outputs = proto.getOutputList().stream().map(ValueInfoProto::getName).toList();
    if (outputs.isEmpty()) {
      throw new IllegalArgumentException("the graph has no output");
    }
    for (String output : outputs) {
      if (!defined.contains(output) && (floats.containsKey(output) || integers.has(output))) {
        require(output, ParameterKind.CONSTANT);
      }
    }
    Graph built = builder.build(outputs.toArray(String[]::new));
    Set<String> used = new HashSet<>(outputs);
    built.nodes().forEach(n -> used.addAll(n.inputs()));
    // A scalar that became an attribute leaves its Constant behind.
    List<Node> nodes =
        built.nodes().stream()
            .filter(n -> !(n.op() instanceof Op.Constant) || used.contains(n.output()))
            .toList();
    Map<String, Parameter> ordered = new LinkedHashMap<>();
    Map<String, FloatTensor> kept = new LinkedHashMap<>();
    floats.forEach(
        (name, tensor) -> {
          if (parameters.containsKey(name)) {
            ordered.put(name, parameters.get(name));
            kept.put(name, tensor);
          }
        });
    return new OnnxModel(
        new Graph(built.name(), built.inputs(), outputs, nodes, ordered, metadata),
        new NamedTensors(kept));
  }

  private void input(ValueInfoProto input) {
    TypeProto.Tensor type = input.getType().getTensorType();
    if (!ElementTypes.isReal(type.getElemType())) {
      throw new IllegalArgumentException(
          "input '"
              + input.getName()
              + "' is no tensor of real numbers ("
              + (input.getType().hasTensorType()
                  ? ElementTypes.name(type.getElemType())
                  : "another kind of value")
              + "); images are expected");
    }
    if (!type.hasShape() || type.getShape().getDimCount() > MAX_RANK) {
      throw new IllegalArgumentException(
          "input '" + input.getName() + "' has no shape; export with a fixed image size");
    }
    List<Integer> dims = new ArrayList<>();
    for (TensorShapeProto.Dimension d : type.getShape().getDimList()) {
      boolean batch = dims.isEmpty();
      boolean fixed = d.hasDimValue() && d.getDimValue() >= 1;
      if (!batch && !fixed) {
        throw new IllegalArgumentException(
            "input '"
                + input.getName()
                + "' leaves dimension "
                + dims.size()
                + " open; only the batch may be, export with a fixed image size");
      }
      // A file exported for one image serves any batch where nothing in it stands against that.
      boolean open = batch && (!fixed || (opening && d.getDimValue() == 1));
      opened |= open && fixed;
      if (open && batchInput == null) {
        batchInput = input.getName();
      }
      dims.add(open ? Shape.UNKNOWN : Math.toIntExact(d.getDimValue()));
    }
    builder.input(input.getName(), ElementType.FLOAT, new Shape(dims));
    defined.add(input.getName());
  }

  private void node(NodeProto node) {
    if (!isStandard(node.getDomain())) {
      throw new IllegalArgumentException("ops of domain " + node.getDomain() + " are not known");
    }
    Attributes attributes = new Attributes(node);
    if (node.getOutputCount() == 0 || node.getOutput(0).isEmpty()) {
      throw new IllegalArgumentException("it has no output");
    }
    String output = node.getOutput(0);
    String first = node.getInputCount() == 0 ? "" : node.getInput(0);
    if (node.getOpType().equals("Constant")) {
      constantNode(node, attributes, output);
      return;
    }
    if (node.getOpType().equals("Identity") && floats.containsKey(first)) {
      floats.put(output, floats.get(first)); // weights that an exporter shares
      return;
    }
    if (node.getOpType().equals("DequantizeLinear")) {
      floats.put(output, Quantised.weights(node, floats, attributes));
      return;
    }
    if (!foldedScalar(node, attributes, output)) {
      Optional<IntegerTensor> folded = integers.fold(node, attributes, symbols(first));
      if (folded.isPresent()) {
        integers.put(output, folded.get());
        return;
      }
      for (Step step : new OpReader(this, node, attributes, opset).steps()) {
        add(step);
      }
    }
  }

  private List<Count> symbols(String name) {
    if (defined.contains(name)) {
      return factors.shape(name);
    }
    return floats.containsKey(name)
        ? floats.get(name).shape().dims().stream().map(d -> Count.of(d)).toList()
        : null;
  }

  /** Single constant numbers, and whole numbers cast to real ones and back. */
  private boolean foldedScalar(NodeProto node, Attributes attributes, String output) {
    List<String> inputs = node.getInputList();
    if (node.getOpType().equals("Cast") && inputs.size() == 1) {
      int to = attributes.integer("to", 0);
      IntegerTensor whole = integers.get(inputs.get(0));
      Float real = scalar(inputs.get(0));
      if (whole != null && ElementTypes.isReal(to) && !whole.dependsOnBatch()) {
        known(node, output, reals(whole));
        return true;
      } else if (real != null && ElementTypes.isReal(to)) {
        known(node, output, floats.get(inputs.get(0)));
        return true;
      } else if (real != null && to == TensorProto.DataType.INT64_VALUE) {
        FloatTensor t = floats.get(inputs.get(0));
        List<Count> values = List.of(Count.of((long) (float) real));
        integers.put(output, new IntegerTensor(t.shape().dims(), values, false));
        return true;
      }
      return false;
    }
    List<Float> in = new ArrayList<>();
    int rank = 0;
    for (String input : inputs) {
      Float value = scalar(input);
      if (value == null) {
        return false;
      }
      in.add(value);
      rank = Math.max(rank, floats.get(input).shape().rank());
    }
    Optional<Float> result = in.isEmpty() ? Optional.empty() : ScalarFolding.fold(node, in);
    if (result.isEmpty()) {
      return false;
    }
    Shape shape = new Shape(java.util.Collections.nCopies(rank, 1));
    known(node, output, new FloatTensor(shape, new float[] {result.get()}));
    return true;
  }

  private static FloatTensor reals(IntegerTensor whole) {
    float[] data = new float[whole.values().size()];
    for (int i = 0; i < data.length; i++) {
      long value = whole.values().get(i).number();
      if (Math.abs(value) > EXACT) {
        throw new IllegalArgumentException(value + " is no float32 number");
      }
      data[i] = value;
    }
    return new FloatTensor(new Shape(whole.dims()), data);
  }

  /** A constant made while reading. */
  private void known(NodeProto node, String output, FloatTensor value) {
    floats.put(output, value);
    if (value.shape().rank() == 0) {
      add(new Step(node.getName(), new Op.Constant(value.data()[0]), List.of(), List.of(output)));
    }
  }

  private void add(Step step) {
    for (int i = 0; i < step.inputs().size(); i++) {
      require(step.inputs().get(i), kind(step.op(), i));
    }
    String name = names.node(step.name().isEmpty() ? step.outputs().get(0) : step.name());
    builder.node(new Node(name, step.op(), step.inputs(), step.outputs()));
    for (String output : step.outputs()) {
      if (builder.shape(output).rank() > MAX_RANK) {
        throw new IllegalArgumentException("a value of " + builder.shape(output).rank() + " axes");
      }
    }
    defined.addAll(step.outputs());
    factors.note(step);
  }

  /** Makes sure that a value is in the graph. */
  private void require(String name, ParameterKind kind) {
    if (defined.contains(name)) {
      return;
    } else if (floats.containsKey(name)) {
      Parameter p = new Parameter(name, floats.get(name).shape(), kind);
      if (kind != ParameterKind.CONSTANT) {
        requireFinite(name);
      }
      parameters.put(name, p);
      builder.parameter(p);
      defined.add(name);
    } else if (integers.has(name) && !integers.get(name).dependsOnBatch()) {
      IntegerTensor whole = integers.get(name);
      String numbers = names.value(name + ".numbers");
      floats.put(numbers, reals(whole));
      ElementType type = whole.bool() ? ElementType.BOOL : ElementType.INT64;
      add(new Step(name, new Op.Cast(type), List.of(numbers), List.of(name)));
    } else if (integers.has(name)) {
      throw new IllegalArgumentException("input '" + name + "' is computed from the batch size");
    } else {
      throw new IllegalArgumentException(new NodeOrder(proto).whyUndefined(name));
    }
  }

  private void requireFinite(String name) {
    for (float v : floats.get(name).data()) {
      if (Float.isInfinite(v)) {
        throw new IllegalArgumentException("weight '" + name + "' holds an infinite number");
      }
    }
  }

  private void constantNode(NodeProto node, Attributes attributes, String output) {
    if (attributes.has("value")) {
      TensorProto t = attributes.get("value").getT();
      TensorProto named = t.getName().isEmpty() ? t.toBuilder().setName(output).build() : t;
      if (ElementTypes.isReal(t.getDataType())) {
        if (!Weights.isEmpty(t)) {
          known(node, output, tensors.floats(StoredTensor.whole(named)));
        }
      } else if (ElementTypes.isWhole(t.getDataType())) {
        integers.put(output, tensors.integers(StoredTensor.whole(named)));
      } else {
        throw new IllegalArgumentException(
            "a constant of element type " + ElementTypes.name(t.getDataType()));
      }
    } else if (attributes.has("value_float")) {
      known(node, output, number(attributes.real("value_float", 0)));
    } else if (attributes.has("value_floats")) {
      List<Float> values = attributes.get("value_floats").getFloatsList();
      float[] data = new float[values.size()];
      for (int i = 0; i < data.length; i++) {
        data[i] = values.get(i);
      }
      known(node, output, new FloatTensor(Shape.of(data.length), data));
    } else if (attributes.has("value_int")) {
      integers.put(output, IntegerTensor.scalar(Count.of(attributes.get("value_int").getI())));
    } else if (attributes.has("value_ints")) {
      integers.put(
          output,
          IntegerTensor.list(
              attributes.get("value_ints").getIntsList().stream().map(Count::of).toList()));
    } else {
      throw new IllegalArgumentException("a constant of this kind is not known");
    }
  }

  private static FloatTensor number(float value) {
    return new FloatTensor(Shape.of(), new float[] {value});
  }

  private static ParameterKind kind(Op op, int input) {
    if (op instanceof Op.Conv || op instanceof Op.ConvTranspose) {
      return input == 1 ? ParameterKind.CONV_WEIGHT : ParameterKind.BIAS;
    } else if (op instanceof Op.Gemm) {
      return input == 1 ? ParameterKind.LINEAR_WEIGHT : ParameterKind.BIAS;
    } else if (op instanceof Op.MatMul) {
      return ParameterKind.LINEAR_WEIGHT;
    } else if (op instanceof Op.BatchNormalization) {
      return switch (input) {
        case 1 -> ParameterKind.BATCH_NORM_SCALE;
        case 2 -> ParameterKind.BATCH_NORM_SHIFT;
        case 3 -> ParameterKind.RUNNING_MEAN;
        default -> ParameterKind.RUNNING_VARIANCE;
      };
    }
    return ParameterKind.CONSTANT;
  }

  /** Whether the model is computed in float32 though it is not of float32. */
  boolean isNarrowed() {
    return weights.narrowed();
  }

  /** An input of the graph that begins with the batch; refused where there is none. */
  String batchInput() {
    if (batchInput == null) {
      throw new IllegalArgumentException("no input has an open batch");
    }
    return batchInput;
  }

  /** Adds constant whole numbers under a fresh name. */
  void define(String name, IntegerTensor values) {
    integers.put(name, values);
  }

  /** A name that no value has. */
  String fresh(String base) {
    return names.value(base);
  }

  /** The shape of a value of the graph or of a weight. */
  Shape shape(String name) {
    if (floats.containsKey(name)) {
      return floats.get(name).shape();
    } else if (integers.has(name)) {
      return new Shape(integers.get(name).dims());
    } else if (!defined.contains(name)) {
      throw new IllegalArgumentException(new NodeOrder(proto).whyUndefined(name));
    }
    return builder.shape(name);
  }

  /** The element type of a value; constants are real numbers or INT64 or booleans. */
  ElementType type(String name) {
    if (defined.contains(name)) {
      return builder.info(name).type();
    }
    IntegerTensor whole = integers.get(name);
    return whole == null ? ElementType.FLOAT : whole.bool() ? ElementType.BOOL : ElementType.INT64;
  }

  /** How many times the batch the open dimension of a value is. */
  long batchFactor(String name) {
    return defined.contains(name) ? factors.of(name) : 1;
  }

  /** The whole numbers of a constant input, or null. */
  IntegerTensor integers(String name) {
    return integers.get(name);
  }

  /** The value of a constant float input of one element, or null. */
  Float scalar(String name) {
    FloatTensor t = floats.get(name);
    return t == null || t.data().length != 1 ? null : Float.valueOf(t.data()[0]);
  }

  private String at(NodeProto node) {
    String name =
        node.getName().isEmpty() && node.getOutputCount() > 0 ? node.getOutput(0) : node.getName();
    return "node '" + name + "' (" + node.getOpType() + ", opset " + opset + ")";
  }

  private ProblemException bad(String message, Exception cause) {
    return new ProblemException(ProblemKind.BAD_DATA, source + ": " + OneLine.of(message), cause);
  }
}
