package org.xrv.converter.onnx;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.xrv.converter.onnx.proto.AttributeProto;
import org.xrv.converter.onnx.proto.NodeProto;
import org.xrv.converter.onnx.proto.TensorProto;
import org.xrv.core.graph.Graph;
import org.xrv.core.graph.Node;
import org.xrv.core.graph.Op;
import org.xrv.core.graph.Parameter;
import org.xrv.core.tensor.NamedTensors;

/**
 * Writes a graph with the weights of its convolutions and dense layers in 8 bits: w = q * scale[m]
 * for output channel m.
 *
 * <p>Conv, Gemm and MatMul are computed in whole numbers: their input is quantised as it comes
 * (DynamicQuantizeLinear), multiplied (ConvInteger, MatMulInteger), and scaled back. ONNX has no
 * whole-number ConvTranspose: there the weights are 8 bits in the file (DequantizeLinear) and the
 * arithmetic is float32. The rest stays as it is.
 *
 * <p>Or the weights only: then they are 8 bits in the file (DequantizeLinear) and all arithmetic is
 * float32.
 *
 * <p>For whole-number arithmetic the weights use 7 of the 8 bits, as ONNX Runtime's own tool does
 * for processors without VNNI: their instruction adds two products of 8 by 8 bits in 16 bits and
 * cuts off what is larger.
 */
public final class Int8Writer extends ModelRewriter {
  private static final int SEVEN_BITS = 63;
  private static final int EIGHT_BITS = 127;
  private static final String QUANTISED = ".int8";
  private static final String SCALE = ".scale";

  private final Set<String> converted;
  private final boolean arithmetic;
  private final Map<String, String> quantised = new HashMap<>();

  private Int8Writer(
      Graph graph, NamedTensors weights, Set<String> converted, boolean arithmetic, OnnxForm form) {
    super(graph, weights, form);
    this.converted = converted;
    this.arithmetic = arithmetic;
  }

  /** Whether a node has weights that become 8 bits. */
  public static boolean converts(Node node, Map<String, Parameter> parameters) {
    if (node.inputs().size() < 2
        || !parameters.containsKey(node.input(1))
        || !parameters.keySet().containsAll(node.inputs().subList(2, node.inputs().size()))) {
      return false;
    }
    Op op = node.op();
    return op instanceof Op.Conv
        || (op instanceof Op.ConvTranspose c && c.group() == 1)
        || (op instanceof Op.Gemm g && g.alpha() == 1 && g.beta() == 1 && !g.transA())
        || (op instanceof Op.MatMul && parameters.get(node.input(1)).shape().rank() == 2);
  }

  /**
   * The model's bytes.
   *
   * @param kept names of nodes that stay in float32
   * @param arithmetic whether whole numbers are multiplied, too, where ONNX can
   */
  public static byte[] bytes(
      Graph graph, NamedTensors weights, Set<String> kept, boolean arithmetic, OnnxForm form) {
    // What one op becomes may be several nodes; those have names of their own and stay.
    Set<String> converted =
        graph.nodes().stream()
            .filter(n -> converts(n, graph.parameters()) && !kept.contains(n.name()))
            .map(Node::name)
            .collect(Collectors.toUnmodifiableSet());
    return new Int8Writer(graph, weights, converted, arithmetic, form).bytes();
  }

  @Override
  void rewrite(NodeProto node) {
    if (!converted.contains(node.getName())) {
      node.getInputList().forEach(this::keep);
      add(node);
    } else if (!arithmetic || node.getOpType().equals("ConvTranspose")) {
      dequantized(node);
    } else if (node.getOpType().equals("Conv")) {
      convolution(node);
    } else {
      matrix(node);
    }
  }

  /** 8-bit numbers and their scales; the channel of element i is i / inner % channels. */
  @SuppressWarnings("ArrayRecordComponent") // made here, read here
  private record Weights(byte[] q, float[] scale) {
    static Weights of(float[] w, int channels, int inner, int largest) {
      float[] scale = new float[channels];
      for (int i = 0; i < w.length; i++) {
        int c = i / inner % channels;
        scale[c] = Math.max(scale[c], Math.abs(w[i]) / largest);
      }
      byte[] q = new byte[w.length];
      for (int i = 0; i < w.length; i++) {
        float s = scale[i / inner % channels];
        q[i] = s == 0 ? 0 : (byte) Math.rint(w[i] / s);
      }
      return new Weights(q, scale);
    }
  }

  private void convolution(NodeProto node) {
    String w = node.getInput(1);
    List<Long> dims = initializer(w).getDimsList();
    int channels = dims.get(0).intValue();
    Weights weights = Weights.of(values(w), channels, values(w).length / channels, SEVEN_BITS);
    String q = eightBits(w, dims, weights);
    List<Long> perChannel = List.of(1L, (long) channels, 1L, 1L);
    String scale = made(w + SCALE, name -> floats(name, perChannel, weights.scale()));
    String x = input(node.getInput(0));
    String sum =
        add(
            "ConvInteger",
            free(node.getName() + ".sum"),
            List.of(x, q, zeroPoint(node.getInput(0))),
            node.getAttributeList().toArray(AttributeProto[]::new));
    scaled(node, sum, scale, perChannel);
  }

  private void matrix(NodeProto node) {
    String w = node.getInput(1);
    List<Long> dims = initializer(w).getDimsList();
    boolean transposed = isTransposed(node);
    int rows = dims.get(transposed ? 1 : 0).intValue();
    int columns = dims.get(transposed ? 0 : 1).intValue();
    float[] given = values(w);
    float[] b = new float[given.length];
    for (int i = 0; i < b.length; i++) {
      b[i] = transposed ? given[i % columns * rows + i / columns] : given[i];
    }
    Weights weights = Weights.of(b, columns, 1, SEVEN_BITS);
    String q =
        eightBits(
            w + (transposed ? ".transposed" : ""), List.of((long) rows, (long) columns), weights);
    List<Long> perChannel = List.of((long) columns);
    String scale = made(w + ".columns" + SCALE, name -> floats(name, perChannel, weights.scale()));
    String sum =
        add(
            "MatMulInteger",
            free(node.getName() + ".sum"),
            List.of(input(node.getInput(0)), q, zeroPoint(node.getInput(0))));
    scaled(node, sum, scale, null);
  }

  /** Whole-number sum to float32, times both scales, plus the bias. */
  private void scaled(NodeProto node, String sum, String scale, List<Long> biasDims) {
    String name = node.getName();
    String output = node.getOutput(0);
    boolean biased = node.getInputCount() > 2 && !node.getInput(2).isEmpty();
    String number =
        add(
            "Cast",
            free(name + ".number"),
            List.of(sum),
            integer("to", TensorProto.DataType.FLOAT_VALUE));
    String both = add("Mul", free(name + ".scale"), List.of(scaleOf(node.getInput(0)), scale));
    String product = add("Mul", biased ? free(name + ".product") : output, List.of(number, both));
    if (biased) {
      String bias = node.getInput(2);
      String shaped =
          biasDims == null
              ? bias
              : made(bias + ".channels", n -> floats(n, biasDims, values(bias)));
      keep(shaped);
      add("Add", output, List.of(product, shaped));
    }
  }

  /** The node as it is, on weights that are 8 bits in the file. */
  private void dequantized(NodeProto node) {
    String w = node.getInput(1);
    int axis = outputAxis(node);
    List<Long> dims = initializer(w).getDimsList();
    int channels = dims.get(axis).intValue();
    int inner = dims.stream().skip(axis + 1L).mapToInt(Long::intValue).reduce(1, (a, b) -> a * b);
    Weights weights = Weights.of(values(w), channels, inner, EIGHT_BITS);
    String key = w + ".axis" + axis;
    String q = eightBits(key, dims, weights);
    List<Long> perChannel = List.of((long) channels);
    String scale = made(key + SCALE, n -> floats(n, perChannel, weights.scale()));
    String whole =
        quantised.computeIfAbsent(
            key,
            k ->
                add(
                    "DequantizeLinear",
                    free(key + ".float32"),
                    List.of(q, scale),
                    integer("axis", axis)));
    node.getInputList().stream().skip(2).forEach(this::keep);
    add(node.toBuilder().setInput(1, whole).build());
  }

  /** Where the weight has the output's channels. */
  private static int outputAxis(NodeProto node) {
    return switch (node.getOpType()) {
      case "Conv" -> 0;
      case "ConvTranspose", "MatMul" -> 1;
      default -> isTransposed(node) ? 0 : 1;
    };
  }

  private static boolean isTransposed(NodeProto node) {
    return node.getAttributeList().stream()
        .anyMatch(a -> a.getName().equals("transB") && a.getI() == 1);
  }

  private String eightBits(String key, List<Long> dims, Weights weights) {
    return made(
        key + QUANTISED,
        name -> tensor(name, TensorProto.DataType.INT8_VALUE, dims, ByteBuffer.wrap(weights.q())));
  }

  /** The quantised form of a value, in [0, 255]. */
  private String input(String x) {
    return quantised.computeIfAbsent(
        x,
        k -> {
          String q = free(x + ".quantised");
          add(
              NodeProto.newBuilder()
                  .setName(q)
                  .setOpType("DynamicQuantizeLinear")
                  .addInput(x)
                  .addAllOutput(Arrays.asList(q, scaleOf(x), zeroPoint(x)))
                  .build());
          return q;
        });
  }

  private String scaleOf(String x) {
    return x + ".quantised.scale";
  }

  private String zeroPoint(String x) {
    return x + ".quantised.zero";
  }
}
