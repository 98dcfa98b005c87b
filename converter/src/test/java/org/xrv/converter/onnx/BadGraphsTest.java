package org.xrv.converter.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xrv.converter.onnx.proto.AttributeProto;
import org.xrv.converter.onnx.proto.GraphProto;
import org.xrv.converter.onnx.proto.NodeProto;
import org.xrv.converter.onnx.proto.TensorProto;
import org.xrv.converter.onnx.proto.TypeProto;
import org.xrv.converter.onnx.proto.ValueInfoProto;
import org.xrv.core.error.ProblemException;
import org.xrv.core.graph.Shape;

/** Graphs that are wrong, hostile or too large: refused in one line that says what and where. */
class BadGraphsTest {
  private static GraphProto.Builder graph() {
    return Protos.graph(Protos.floats("x", -1, 4), "y");
  }

  private static String problem(GraphProto.Builder g) {
    byte[] bytes = Protos.model(g, 17).toByteArray();
    String message =
        assertThrows(ProblemException.class, () -> OnnxReader.read("bad.onnx", bytes)).getMessage();
    assertEquals(1, message.lines().count(), message);
    assertTrue(message.startsWith("bad.onnx: "), message);
    return message;
  }

  private static void assertSays(GraphProto.Builder g, String... words) {
    String message = problem(g);
    for (String word : words) {
      assertTrue(message.contains(word), message);
    }
  }

  @Test
  void shouldTellACycleFromNodesOutOfOrder() {
    GraphProto.Builder cyclic = graph();
    cyclic.addNode(Protos.node("Add", "a", "x", "b").setName("first"));
    cyclic.addNode(Protos.node("Relu", "b", "a").setName("second"));
    cyclic.addNode(Protos.node("Relu", "y", "b"));
    assertSays(cyclic, "first", "second", "cycle");
    GraphProto.Builder itself = graph();
    itself.addNode(Protos.node("Add", "y", "x", "y"));
    assertSays(itself, "'y'", "cycle");
    GraphProto.Builder unordered = graph();
    unordered.addNode(Protos.node("Relu", "y", "a"));
    unordered.addNode(Protos.node("Relu", "a", "x").setName("early"));
    assertSays(unordered, "early", "order");
  }

  private static GraphProto.Builder chain(int nodes, boolean sameName) {
    GraphProto.Builder g = graph();
    for (int i = 0; i < nodes; i++) {
      NodeProto.Builder node =
          Protos.node("Relu", i == nodes - 1 ? "y" : "v" + i, i == 0 ? "x" : "v" + (i - 1));
      g.addNode(sameName ? node.setName("n") : node);
    }
    return g;
  }

  @Test
  void shouldReadManyNodesFastAndRefuseMore() {
    for (boolean sameName : new boolean[] {false, true}) {
      byte[] bytes = Protos.model(chain(OnnxReader.MAX_NODES, sameName), 17).toByteArray();
      OnnxModel read = assertTimeout(Duration.ofSeconds(60), () -> OnnxReader.read("long", bytes));
      assertEquals(OnnxReader.MAX_NODES, read.graph().nodes().size());
    }
    assertSays(chain(OnnxReader.MAX_NODES + 1, false), "100000 nodes");
  }

  @Test
  void shouldRefuseControlFlowByName() {
    for (String type : List.of("If", "Loop", "Scan")) {
      GraphProto.Builder g = graph();
      g.addNode(
          Protos.node(type, "y", "x")
              .setName("branch")
              .addAttribute(
                  AttributeProto.newBuilder()
                      .setName("body")
                      .setType(AttributeProto.AttributeType.GRAPH)
                      .setG(graph())));
      assertSays(g, "branch", type, "opset 17", "control flow");
    }
  }

  @Test
  void shouldRefuseNestingWithoutEnd() {
    GraphProto.Builder g = graph();
    for (int i = 0; i < 200; i++) {
      GraphProto.Builder outer = graph();
      outer.addNode(
          Protos.node("If", "y", "x")
              .addAttribute(
                  AttributeProto.newBuilder()
                      .setName("then_branch")
                      .setType(AttributeProto.AttributeType.GRAPH)
                      .setG(g)));
      g = outer;
    }
    assertSays(g, "not an ONNX model");
  }

  @Test
  void shouldNameTheWeightThatIsNotANumber() {
    GraphProto.Builder nan = graph();
    nan.addInitializer(OnnxWriter.floats("w", Shape.of(4), new float[] {1, 2, Float.NaN, 4}));
    nan.addNode(Protos.node("Add", "y", "x", "w"));
    assertSays(nan, "'w'", "NaN at 2");
    GraphProto.Builder infinite = graph();
    infinite.addInitializer(
        OnnxWriter.floats("w", Shape.of(4, 1), new float[] {1, Float.POSITIVE_INFINITY, 3, 4}));
    infinite.addNode(Protos.node("Gemm", "y", "x", "w").setName("dense"));
    assertSays(infinite, "'w'", "infinite", "dense");
  }

  private static GraphProto.Builder weight(TensorProto.Builder w) {
    GraphProto.Builder g = graph();
    g.addInitializer(w.setName("w"));
    return g.addNode(Protos.node("Add", "y", "x", "w"));
  }

  private static TensorProto.Builder floats(long... dims) {
    TensorProto.Builder t = TensorProto.newBuilder().setDataType(TensorProto.DataType.FLOAT_VALUE);
    for (long d : dims) {
      t.addDims(d);
    }
    return t;
  }

  @Test
  void shouldRefuseShapesThatLie() {
    ByteString four = ByteString.copyFrom(new byte[16]);
    assertSays(weight(floats(5).setRawData(four)), "'w'", "16 bytes", "needs 20");
    assertSays(weight(floats(4).addFloatData(1)), "'w'", "1 values", "needs 4");
    assertSays(weight(floats(1L << 40).setRawData(four)), "overflow");
    assertSays(weight(floats(1 << 20, 1 << 20).setRawData(four)), "'w'", "1048576");
    assertSays(weight(floats(-1).setRawData(four)), "-1");
    assertSays(weight(floats(new long[40]).setRawData(four)), "40 dimensions");
    assertSays(weight(floats(2, 0).setRawData(ByteString.EMPTY)), "0");
  }

  /** Doubling a shape forty times would take a terabyte. */
  @Test
  void shouldNotGrowWithoutBound() {
    GraphProto.Builder g = graph();
    g.addInitializer(Protos.longs("s0", 1, 1));
    for (int i = 0; i < 40; i++) {
      g.addNode(
          Protos.node("Concat", "s" + (i + 1), "s" + i, "s" + i)
              .addAttribute(Protos.integer("axis", 0)));
    }
    g.addNode(Protos.node("Reshape", "y", "x", "s40"));
    assertSays(g, "Concat", "whole numbers");
    GraphProto.Builder range = graph();
    range.addInitializer(Protos.longs("from", 0));
    range.addInitializer(Protos.longs("to", Long.MAX_VALUE));
    range.addInitializer(Protos.longs("by", 1));
    range.addNode(Protos.node("Range", "r", "from", "to", "by"));
    range.addNode(Protos.node("Reshape", "y", "x", "r"));
    assertSays(range, "Range", "whole numbers");
    GraphProto.Builder steps = graph();
    steps.addInitializer(Protos.longs("zero", 0));
    steps.addInitializer(Protos.longs("one", 1));
    steps.addNode(Protos.node("Slice", "y", "x", "zero", "one", "one", "zero"));
    assertSays(steps, "steps of 0");
  }

  @Test
  void shouldRefuseInputsThatAreNoImages() {
    GraphProto.Builder text = GraphProto.newBuilder();
    text.addInput(Protos.value("tokens", TensorProto.DataType.INT64_VALUE, -1, 16));
    text.addOutput(Protos.floats("y"));
    assertSays(text, "'tokens'", "INT64");
    GraphProto.Builder shapeless = GraphProto.newBuilder().addInput(Protos.floats("x"));
    assertSays(shapeless.addOutput(Protos.floats("y")), "'x'", "no shape");
    GraphProto.Builder sequence = GraphProto.newBuilder();
    sequence.addInput(
        ValueInfoProto.newBuilder()
            .setName("list")
            .setType(TypeProto.newBuilder().setSequenceType(TypeProto.Sequence.newBuilder())));
    assertSays(sequence.addOutput(Protos.floats("y")), "'list'");
    assertSays(GraphProto.newBuilder().addInput(Protos.floats("x", -1, 4)), "has no output");
  }

  @Test
  void shouldKeepHostileNamesInOneLine() {
    GraphProto.Builder g = graph();
    g.addNode(Protos.node("Warp\nrefused: nothing", "y", "x").setName("a\r\nb\u2028c"));
    assertSays(g, "Warp refused: nothing", "a b c");
    GraphProto.Builder endless = graph();
    endless.addNode(Protos.node("W".repeat(1 << 20), "y", "x"));
    assertTrue(problem(endless).length() < 1000);
  }

  @Test
  void shouldRefuseTwoNodesThatMakeOneValue() {
    GraphProto.Builder g = graph();
    g.addNode(Protos.node("Relu", "y", "x"));
    g.addNode(Protos.node("Abs", "y", "x"));
    assertSays(g, "'y'", "twice");
  }
}
