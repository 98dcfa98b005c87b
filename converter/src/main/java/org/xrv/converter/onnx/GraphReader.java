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
  private final String source;
  private final long opset;
  private final Map<String, FloatTensor> floats = new LinkedHashMap<>();
  private final IntegerFolding integers = new IntegerFolding();
  private final Set<String> defined = new HashSet<>();
  private final Set<String> nodeNames = new HashSet<>();
  private final Map<String, Parameter> parameters = new LinkedHashMap<>();
  private GraphBuilder builder;

  GraphReader(String source, long opset) {
    this.source = source;
    this.opset = opset;
  }

  static boolean isStandard(String domain) {
    return domain.isEmpty() || domain.equals("ai.onnx");
  }

  OnnxModel read(GraphProto proto, Map<String, String> metadata) {
    builder = new GraphBuilder(proto.getName());
    try {
      for (TensorProto t : proto.getInitializerList()) {
        constant(t.getName(), t);
      }
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
      return finished(proto, metadata);
    } catch (IllegalArgumentException e) {
      throw bad(e.getMessage(), e);
    }
  }

  private OnnxModel finished(GraphProto proto, Map<String, String> metadata) {
    List<String> outputs = proto.getOutputList().stream().map(ValueInfoProto::getName).toList();
    outputs.stream().filter(floats::containsKey).forEach(o -> use(o, ParameterKind.CONSTANT));
    Graph built = builder.build(outputs.toArray(String[]::new));
    Set<String> used = new HashSet<>(outputs);
    built.nodes().forEach(n -> used.addAll(n.inputs()));
    // A scalar that became an attribute leaves its Constant behind.
    List<Node> nodes =
        built.nodes().stream()
            .filter(n -> !(n.op() instanceof Op.Constant) || used.contains(n.output()))
            .toList();
    Map<String, Parameter> ordered = new LinkedHashMap<>();
    Map<String, FloatTensor> weights = new LinkedHashMap<>();
    floats.forEach(
        (name, tensor) -> {
          if (parameters.containsKey(name)) {
            ordered.put(name, parameters.get(name));
            weights.put(name, tensor);
          }
        });
    return new OnnxModel(
        new Graph(built.name(), built.inputs(), outputs, nodes, ordered, metadata),
        new NamedTensors(weights));
  }

  private void constant(String name, TensorProto t) {
    if (TensorReader.isFloat(t)) {
      // An empty tensor stands for an input that is left out.
      if (t.getDimsCount() != 1 || t.getDims(0) != 0) {
        floats.put(name, TensorReader.floats(t));
      }
    } else if (TensorReader.isInteger(t)) {
      integers.put(name, TensorReader.integers(t));
    } else {
      throw new IllegalArgumentException(
          "tensor '"
              + name
              + "' has element type "
              + TensorProto.DataType.forNumber(t.getDataType())
              + "; float32 weights are read, export the model in float32");
    }
  }

  private void input(ValueInfoProto input) {
    TypeProto.Tensor type = input.getType().getTensorType();
    if (type.getElemType() != TensorProto.DataType.FLOAT_VALUE) {
      throw new IllegalArgumentException(
          "input '" + input.getName() + "' is no float32 tensor; export the model in float32");
    }
    List<Integer> dims = new ArrayList<>();
    for (TensorShapeProto.Dimension d : type.getShape().getDimList()) {
      boolean batch = dims.isEmpty();
      if (!batch && (!d.hasDimValue() || d.getDimValue() < 1)) {
        throw new IllegalArgumentException(
            "input '"
                + input.getName()
                + "' leaves dimension "
                + dims.size()
                + " open; only the batch may be, export with a fixed image size");
      }
      // A file exported for one image serves any batch: no op here mixes the images of a batch.
      boolean open = batch && (!d.hasDimValue() || d.getDimValue() <= 1);
      dims.add(open ? Shape.UNKNOWN : Math.toIntExact(d.getDimValue()));
    }
    builder.input(input.getName(), ElementType.FLOAT, new Shape(dims));
    defined.add(input.getName());
  }

  private void node(NodeProto proto) {
    if (!isStandard(proto.getDomain())) {
      throw new IllegalArgumentException("ops of domain " + proto.getDomain() + " are not known");
    }
    Attributes attributes = new Attributes(proto);
    if (proto.getOutputCount() == 0) {
      throw new IllegalArgumentException("it has no output");
    }
    String output = proto.getOutput(0);
    String first = proto.getInputCount() == 0 ? "" : proto.getInput(0);
    if (proto.getOpType().equals("Constant")) {
      constantNode(proto, attributes, output);
      return;
    }
    if (proto.getOpType().equals("Identity") && floats.containsKey(first)) {
      floats.put(output, floats.get(first)); // weights that an exporter shares
      return;
    }
    if (proto.getOpType().equals("DequantizeLinear")) {
      floats.put(output, Quantised.weights(proto, floats, attributes));
      return;
    }
    Optional<IntegerValues> folded =
        integers.fold(proto, attributes, defined.contains(first) ? builder.shape(first) : null);
    if (folded.isPresent()) {
      integers.put(output, folded.get());
      return;
    }
    for (OpReader.Step step : new OpReader(this, proto, attributes, opset).steps()) {
      add(step);
    }
  }

  private void add(OpReader.Step step) {
    for (int i = 0; i < step.inputs().size(); i++) {
      String input = step.inputs().get(i);
      if (floats.containsKey(input) && !defined.contains(input)) {
        use(input, kind(step.op(), i));
      } else if (!defined.contains(input)) {
        throw new IllegalArgumentException(
            "input '" + input + "' is not defined before it, or not a float tensor");
      }
    }
    String name = step.name().isEmpty() ? step.outputs().get(0) : step.name();
    while (!nodeNames.add(name)) {
      name += "'";
    }
    builder.node(new Node(name, step.op(), step.inputs(), step.outputs()));
    defined.addAll(step.outputs());
  }

  private void constantNode(NodeProto proto, Attributes attributes, String output) {
    if (attributes.has("value")) {
      TensorProto t = attributes.get("value").getT();
      if (TensorReader.isFloat(t) && t.getDimsCount() == 0) {
        scalar(proto, output, TensorReader.floats(t).data()[0]);
      } else {
        constant(output, t);
      }
    } else if (attributes.has("value_float")) {
      scalar(proto, output, attributes.real("value_float", 0));
    } else if (attributes.has("value_int")) {
      integers.put(output, new IntegerValues(List.of(attributes.get("value_int").getI()), true));
    } else if (attributes.has("value_ints")) {
      integers.put(output, new IntegerValues(attributes.get("value_ints").getIntsList(), false));
    } else {
      throw new IllegalArgumentException("a constant of this kind is not known");
    }
  }

  private void scalar(NodeProto proto, String output, float value) {
    floats.put(output, new FloatTensor(Shape.of(), new float[] {value}));
    add(new OpReader.Step(proto.getName(), new Op.Constant(value), List.of(), List.of(output)));
  }

  private void use(String name, ParameterKind kind) {
    if (!defined.contains(name)) {
      Parameter p = new Parameter(name, floats.get(name).shape(), kind);
      parameters.put(name, p);
      builder.parameter(p);
      defined.add(name);
    }
  }

  private static ParameterKind kind(Op op, int input) {
    if (op instanceof Op.Conv || op instanceof Op.ConvTranspose) {
      return input == 1 ? ParameterKind.CONV_WEIGHT : ParameterKind.BIAS;
    } else if (op instanceof Op.Gemm) {
      return input == 1 ? ParameterKind.LINEAR_WEIGHT : ParameterKind.BIAS;
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

  /** The shape of a value of the graph or of a weight. */
  Shape shape(String name) {
    return floats.containsKey(name) ? floats.get(name).shape() : builder.shape(name);
  }

  /** The whole numbers of a constant input, or null. */
  IntegerValues integers(String name) {
    return integers.get(name);
  }

  /** The value of a constant float input of one element, or null. */
  Float scalar(String name) {
    FloatTensor t = floats.get(name);
    return t == null || t.data().length != 1 ? null : t.data()[0];
  }

  private String at(NodeProto node) {
    String name =
        node.getName().isEmpty() && node.getOutputCount() > 0 ? node.getOutput(0) : node.getName();
    return "node '" + name + "' (" + node.getOpType() + ", opset " + opset + ")";
  }

  private ProblemException bad(String message, Exception cause) {
    return new ProblemException(
        ProblemKind.BAD_DATA, source + ": " + message.replace('\n', ' '), cause);
  }
}
