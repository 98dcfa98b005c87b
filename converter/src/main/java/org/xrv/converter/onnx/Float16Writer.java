package org.xrv.converter.onnx;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.xrv.converter.onnx.proto.NodeProto;
import org.xrv.converter.onnx.proto.TensorProto;
import org.xrv.core.graph.Graph;
import org.xrv.core.graph.Op;
import org.xrv.core.tensor.HalfPrecision;
import org.xrv.core.tensor.NamedTensors;

/**
 * Writes a graph with weights and arithmetic in float16. Inputs and outputs stay float32: Casts
 * stand between. Ops outside {@link #OPS} stay float32 too, as exponentials, sums over many
 * elements and the statistics of BatchNorm lose too much.
 */
public final class Float16Writer extends ModelRewriter {
  /** ONNX names of the ops that are computed in float16. */
  public static final Set<String> OPS =
      Set.of(
          "Abs",
          "Add",
          "AveragePool",
          "Clip",
          "Concat",
          "Conv",
          "ConvTranspose",
          "Expand",
          "Flatten",
          "Gather",
          "Gemm",
          "Greater",
          "Identity",
          "LeakyRelu",
          "MatMul",
          "MaxPool",
          "Mul",
          "Neg",
          "Pad",
          "Relu",
          "Reshape",
          "Sigmoid",
          "Sign",
          "Split",
          "Sub",
          "Tanh",
          "Transpose",
          "Where");

  private static final String HALF = ".float16";
  private static final String FULL = ".float32";

  private final Set<String> kept;
  private final Map<String, String> asHalf = new HashMap<>();
  private final Map<String, String> asFull = new HashMap<>();

  private Float16Writer(Graph graph, NamedTensors weights, Set<String> kept, OnnxForm form) {
    super(graph, weights, form);
    this.kept = kept;
    graph.inputs().forEach(i -> asFull.put(i.name(), i.name()));
  }

  /** Whether an op is one that is computed in float16. */
  public static boolean converts(Op op) {
    return OPS.contains(op.type());
  }

  /**
   * The model's bytes.
   *
   * @param kept names of nodes that stay in float32
   */
  public static byte[] bytes(Graph graph, NamedTensors weights, Set<String> kept, OnnxForm form) {
    return new Float16Writer(graph, weights, Set.copyOf(kept), form).bytes();
  }

  @Override
  void rewrite(NodeProto node) {
    boolean half = OPS.contains(node.getOpType()) && !kept.contains(node.getName());
    NodeProto.Builder n = node.toBuilder().clearInput().clearOutput();
    for (String input : node.getInputList()) {
      n.addInput(isFloat(input) ? (half ? half(input) : full(input)) : other(input));
    }
    List<String> outputs = new ArrayList<>();
    for (String output : node.getOutputList()) {
      boolean cast = half && isFloat(output) && isOutput(output);
      String name = cast ? free(output + HALF) : output;
      n.addOutput(name);
      if (isFloat(output)) {
        (half ? asHalf : asFull).put(output, name);
      }
      if (cast) {
        outputs.add(output);
      }
    }
    add(n.build());
    for (String output : outputs) {
      add("Cast", output, List.of(asHalf.get(output)), to(TensorProto.DataType.FLOAT_VALUE));
      asFull.put(output, output);
    }
  }

  private String other(String input) {
    keep(input); // shapes, axes
    return input;
  }

  private String full(String input) {
    if (initializer(input) != null) {
      keep(input);
      return input;
    }
    String name = asFull.get(input);
    if (name == null) {
      name = free(input + FULL);
      add("Cast", name, List.of(asHalf.get(input)), to(TensorProto.DataType.FLOAT_VALUE));
      asFull.put(input, name);
    }
    return name;
  }

  private String half(String input) {
    if (initializer(input) != null) {
      return made(input + HALF, name -> halves(name, input));
    }
    String name = asHalf.get(input);
    if (name == null) {
      name = free(input + HALF);
      add("Cast", name, List.of(asFull.get(input)), to(TensorProto.DataType.FLOAT16_VALUE));
      asHalf.put(input, name);
    }
    return name;
  }

  private static org.xrv.converter.onnx.proto.AttributeProto to(int type) {
    return integer("to", type);
  }

  /** Bounds of a Clip that no float16 reaches become the largest that there is. */
  private TensorProto halves(String name, String input) {
    float[] values = values(input);
    ByteBuffer bytes = ByteBuffer.allocate(2 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (float v : values) {
      float bounded =
          Float.isInfinite(v) ? v : Math.max(-HalfPrecision.MAX, Math.min(HalfPrecision.MAX, v));
      bytes.putShort(HalfPrecision.fromFloat(bounded));
    }
    return tensor(
        name, TensorProto.DataType.FLOAT16_VALUE, initializer(input).getDimsList(), bytes.flip());
  }
}
