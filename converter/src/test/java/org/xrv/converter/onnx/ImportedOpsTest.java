package org.xrv.converter.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.xrv.converter.onnx.proto.GraphProto;
import org.xrv.converter.onnx.proto.NodeProto;
import org.xrv.converter.onnx.proto.TensorProto;
import org.xrv.converter.onnxruntime.OnnxRunner;
import org.xrv.core.graph.Shape;
import org.xrv.core.tensor.FloatTensor;

/**
 * Ops that a graph makes of others: ONNX Runtime gives the same for the file and for what is read.
 */
class ImportedOpsTest {
  private static Arguments of(String name, int opset, Consumer<GraphProto.Builder> nodes) {
    return Arguments.of(name + ", opset " + opset, opset, nodes);
  }

  /** One node on x [batch, 4, 6, 6]. */
  private static Arguments one(int opset, NodeProto.Builder node, TensorProto... weights) {
    return of(
        node.getOpType() + node.getAttributeList().stream().map(a -> " " + a.getName()).toList(),
        opset,
        g -> {
          g.addAllInitializer(List.of(weights));
          g.addNode(node);
        });
  }

  private static NodeProto.Builder node(String type, String... moreInputs) {
    String[] inputs = Stream.concat(Stream.of("x"), Stream.of(moreInputs)).toArray(String[]::new);
    return Protos.node(type, "y", inputs);
  }

  static Stream<Arguments> models() {
    TensorProto scale = Protos.weight("scale", 6);
    TensorProto shift = Protos.weight("shift", 6);
    TensorProto byChannel = Protos.weight("scale", 4);
    TensorProto shiftByChannel = Protos.weight("shift", 4);
    return Stream.of(
        one(17, node("HardSigmoid")),
        one(11, node("HardSigmoid").addAttribute(Protos.real("alpha", 1 / 6f))),
        one(17, node("HardSwish")),
        one(20, node("Gelu")),
        one(20, node("Gelu").addAttribute(Protos.text("approximate", "tanh"))),
        one(17, node("Softplus")),
        one(18, node("Mish")),
        one(17, node("Elu").addAttribute(Protos.real("alpha", 0.7f))),
        one(17, node("Selu")),
        one(17, node("PRelu", "slope"), Protos.weight("slope", 4, 1, 1)),
        one(17, node("Reciprocal")),
        one(17, node("Pow", "p"), Protos.number("p", 2)),
        one(17, node("Pow", "p"), Protos.number("p", 3)),
        one(17, node("Pow", "p"), Protos.number("p", 4)),
        one(17, node("Pow", "p"), Protos.number("p", -1)),
        one(17, node("Max", "a", "b"), Protos.weight("a", 6), Protos.number("b", 0.25f)),
        one(17, node("Min", "a"), Protos.number("a", 0.25f)),
        one(17, node("Sum", "a", "b"), Protos.weight("a", 6), Protos.weight("b", 4, 1, 1)),
        one(17, node("Mean", "a"), Protos.weight("a", 6)),
        one(17, node("LayerNormalization", "scale", "shift"), scale, shift),
        one(
            17,
            node("LayerNormalization", "s").addAttribute(Protos.integer("axis", 1)),
            Protos.weight("s", 4, 6, 6)),
        one(17, node("InstanceNormalization", "scale", "shift"), byChannel, shiftByChannel),
        one(
            21,
            node("GroupNormalization", "scale", "shift")
                .addAttribute(Protos.integer("num_groups", 2)),
            byChannel,
            shiftByChannel),
        one(17, node("ReduceL2").addAttribute(Protos.ints("axes", 1))),
        one(18, node("ReduceMean", "axes"), Protos.longs("axes", -1, -2)),
        one(18, node("ReduceMax", "axes"), Protos.longs("axes", 2, 3)),
        one(17, node("GlobalMaxPool")),
        one(17, node("LogSoftmax").addAttribute(Protos.integer("axis", 1))),
        one(13, node("Clip", "", "high"), Protos.number("high", 0.3f)),
        one(
            17,
            node("MaxPool")
                .addAttribute(Protos.ints("kernel_shape", 3, 3))
                .addAttribute(Protos.ints("strides", 2, 2))
                .addAttribute(Protos.integer("ceil_mode", 1))),
        one(
            17,
            node("AveragePool")
                .addAttribute(Protos.ints("kernel_shape", 3, 3))
                .addAttribute(Protos.ints("strides", 2, 2))
                .addAttribute(Protos.integer("ceil_mode", 1))),
        one(
            17,
            node("Slice", "from", "to", "axes", "steps"),
            Protos.longs("from", 1, -1),
            Protos.longs("to", 9, Long.MIN_VALUE),
            Protos.longs("axes", 2, 3),
            Protos.longs("steps", 2, -1)),
        one(
            17,
            node("Gather", "at").addAttribute(Protos.integer("axis", 1)),
            Protos.longs("at", 3, 0, -3)),
        one(
            18,
            node("Pad", "pads", "", "axes"),
            Protos.longs("pads", 1, 2),
            Protos.longs("axes", -1)),
        of(
            "comparisons",
            17,
            g -> {
              g.addInitializer(Protos.weight("w", 6));
              g.addNode(Protos.node("Less", "less", "x", "w"));
              g.addNode(Protos.node("GreaterOrEqual", "more", "x", "w"));
              g.addNode(Protos.node("Equal", "same", "x", "x"));
              g.addNode(Protos.node("Not", "not", "less"));
              g.addNode(Protos.node("And", "and", "not", "more"));
              g.addNode(Protos.node("Or", "or", "and", "less"));
              g.addNode(Protos.node("And", "all", "or", "same"));
              g.addNode(Protos.node("Where", "y", "and", "x", "w"));
              g.addNode(Protos.node("Cast", "z", "all").addAttribute(Protos.integer("to", 1)));
            }),
        of(
            "a number computed from a shape",
            17,
            g -> {
              g.addInitializer(Protos.longs("three", 3));
              g.addNode(Protos.node("Shape", "shape", "x"));
              g.addNode(Protos.node("Gather", "side", "shape", "three"));
              g.addNode(Protos.node("Cast", "real", "side").addAttribute(Protos.integer("to", 1)));
              g.addNode(Protos.node("Sqrt", "root", "real"));
              g.addNode(Protos.node("Div", "y", "x", "root"));
            }),
        of(
            "zeros of the batch",
            17,
            g -> {
              g.addInitializer(Protos.longs("zero", 0));
              g.addInitializer(Protos.longs("rest", 4, 6, 1));
              g.addNode(Protos.node("Shape", "shape", "x"));
              g.addNode(Protos.node("Gather", "batch", "shape", "zero"));
              g.addNode(
                  Protos.node("Concat", "wide", "batch", "rest")
                      .addAttribute(Protos.integer("axis", 0)));
              g.addNode(Protos.node("ConstantOfShape", "zeros", "wide"));
              g.addNode(
                  Protos.node("Concat", "y", "x", "zeros").addAttribute(Protos.integer("axis", 3)));
            }),
        of("heads folded into the batch", 17, ImportedOpsTest::attention));
  }

  /** As torch.nn.MultiheadAttention does it: [tokens, batch heads, size]. */
  private static void attention(GraphProto.Builder g) {
    g.addInitializer(Protos.longs("tokens", 0, 36, 4));
    g.addInitializer(Protos.longs("zero", 0));
    g.addInitializer(Protos.longs("two", 2));
    g.addInitializer(Protos.longs("before", 36));
    g.addInitializer(Protos.longs("four", 4));
    g.addNode(Protos.node("Shape", "shape", "x"));
    g.addNode(Protos.node("Gather", "batch", "shape", "zero"));
    g.addNode(Protos.node("Mul", "heads", "batch", "two"));
    g.addNode(
        Protos.node("Concat", "folded", "before", "heads", "two")
            .addAttribute(Protos.integer("axis", 0)));
    g.addNode(Protos.node("Reshape", "rows", "x", "tokens"));
    g.addNode(Protos.node("Transpose", "t", "rows").addAttribute(Protos.ints("perm", 1, 0, 2)));
    g.addNode(Protos.node("Reshape", "q", "t", "folded"));
    g.addNode(Protos.node("Transpose", "a", "q").addAttribute(Protos.ints("perm", 1, 0, 2)));
    g.addNode(Protos.node("Transpose", "b", "q").addAttribute(Protos.ints("perm", 1, 2, 0)));
    g.addNode(Protos.node("MatMul", "scores", "a", "b"));
    g.addNode(Protos.node("Softmax", "shares", "scores").addAttribute(Protos.integer("axis", -1)));
    g.addNode(Protos.node("MatMul", "o", "shares", "a"));
    g.addNode(
        Protos.node("Concat", "apart", "batch", "two", "before", "two")
            .addAttribute(Protos.integer("axis", 0)));
    g.addNode(Protos.node("Reshape", "y", "o", "apart"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("models")
  void shouldGiveWhatTheFileGives(String name, int opset, Consumer<GraphProto.Builder> nodes) {
    GraphProto.Builder g = Protos.graph(Protos.floats("x", -1, 4, 6, 6), "y");
    nodes.accept(g);
    byte[] original = Protos.model(g, opset).toByteArray();
    OnnxModel read = OnnxReader.read(name, original);
    byte[] ours = OnnxWriter.bytes(read.graph(), read.weights());
    FloatTensor x = new FloatTensor(Shape.of(3, 4, 6, 6), Protos.uniform("x", 3 * 4 * 6 * 6));
    try (OnnxRunner theirs = OnnxRunner.open("original", original, 1);
        OnnxRunner mine = OnnxRunner.open("ours", ours, 1)) {
      FloatTensor expected = theirs.run(Map.of("x", x)).get("y");
      FloatTensor actual = mine.run(Map.of("x", x)).get("y");
      assertEquals(expected.shape(), actual.shape());
      for (int i = 0; i < expected.data().length; i++) {
        float e = expected.data()[i];
        assertEquals(e, actual.data()[i], 1e-5 * Math.max(1, Math.abs(e)), name + " at " + i);
      }
    }
  }

  /**
   * ONNX Runtime 1.29 has no kernel of GroupNormalization of opset 18 and Swish on float: by hand.
   */
  @Test
  void shouldKnowWhatOnnxRuntimeDoesNot() {
    GraphProto.Builder g = Protos.graph(Protos.floats("x", -1, 3), "y");
    g.addNode(Protos.node("Swish", "y", "x"));
    OnnxModel read = OnnxReader.read("swish", Protos.model(g, 24).toByteArray());
    try (OnnxRunner ours =
        OnnxRunner.open("ours", OnnxWriter.bytes(read.graph(), read.weights()), 1)) {
      FloatTensor x = new FloatTensor(Shape.of(1, 3), new float[] {-1, 0, 2});
      assertArrayEquals(
          new float[] {-0.26894143f, 0, 1.7615942f},
          ours.run(Map.of("x", x)).get("y").data(),
          1e-6f);
    }
  }

  /** Made for one image: tokens are shared by any batch, heads folded into the batch are not. */
  @Test
  void shouldOpenABatchOfOneWhereNothingStandsAgainstIt() {
    GraphProto.Builder g = Protos.graph(Protos.floats("x", 1, 4, 6), "y");
    g.addInitializer(Protos.weight("token", 1, 1, 6));
    g.addNode(Protos.node("Concat", "c", "token", "x").addAttribute(Protos.integer("axis", 1)));
    g.addNode(Protos.node("Relu", "y", "c"));
    OnnxModel open = OnnxReader.read("open", Protos.model(g, 17).toByteArray());
    assertEquals(Shape.of(Shape.UNKNOWN, 4, 6), open.graph().input().shape());
    FloatTensor x = new FloatTensor(Shape.of(2, 4, 6), Protos.uniform("x", 48));
    try (OnnxRunner ours =
        OnnxRunner.open("ours", OnnxWriter.bytes(open.graph(), open.weights()), 1)) {
      assertEquals(Shape.of(2, 5, 6), ours.run(Map.of("x", x)).get("y").shape());
    }
    g.addInitializer(Protos.longs("folded", 5, 2, 3));
    g.setNode(1, Protos.node("Reshape", "y", "c", "folded"));
    OnnxModel fixed = OnnxReader.read("fixed", Protos.model(g, 17).toByteArray());
    assertEquals(Shape.of(1, 4, 6), fixed.graph().input().shape());
  }
}
