package org.xrv.converter.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xrv.converter.autodiff.Gradients;
import org.xrv.converter.onnx.proto.AttributeProto;
import org.xrv.converter.onnx.proto.GraphProto;
import org.xrv.converter.onnx.proto.ModelProto;
import org.xrv.converter.onnx.proto.NodeProto;
import org.xrv.converter.onnx.proto.OperatorSetIdProto;
import org.xrv.converter.onnx.proto.TensorProto;
import org.xrv.converter.onnx.proto.TensorShapeProto;
import org.xrv.converter.onnx.proto.TypeProto;
import org.xrv.converter.onnx.proto.ValueInfoProto;
import org.xrv.converter.onnxruntime.OnnxRunner;
import org.xrv.core.architecture.DenseNet;
import org.xrv.core.architecture.Initialization;
import org.xrv.core.architecture.LatentShape;
import org.xrv.core.architecture.ResNetAutoencoder;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.graph.ElementType;
import org.xrv.core.graph.Graph;
import org.xrv.core.graph.GraphBuilder;
import org.xrv.core.graph.Node;
import org.xrv.core.graph.Op;
import org.xrv.core.graph.Shape;
import org.xrv.core.random.KeyedRandom;
import org.xrv.core.tensor.FloatTensor;
import org.xrv.core.tensor.NamedTensors;

/** What the writer writes is read back as the same graph; what PyTorch exports is understood. */
class OnnxReaderTest {
  @TempDir Path folder;

  @Test
  void shouldReadBackTheNetworksAsTheyWereWritten() {
    ResNetAutoencoder network = new ResNetAutoencoder(50, new LatentShape(32, 2), 0.125, 32);
    DenseNet classifier = new DenseNet(8, 4, List.of(2, 2), 2, 3, 32);
    for (Graph graph :
        List.of(
            network.encoder().withMetadata(Map.of("targets", "a,b")),
            network.decoder(),
            classifier.graph(),
            Gradients.of(classifier.graph(), "logits", "image"))) {
      NamedTensors weights = Initialization.PYTORCH.weights(graph, 3);
      Path file = folder.resolve("model.onnx");
      OnnxWriter.write(graph, weights, file);
      OnnxModel read = OnnxReader.read(file);
      assertEquals(graph, read.graph());
      assertEquals(
          List.copyOf(graph.parameters().keySet()),
          List.copyOf(read.graph().parameters().keySet()));
      weights
          .tensors()
          .forEach((n, t) -> assertArrayEquals(t.data(), read.weights().get(n).data(), n));
      assertArrayEquals(OnnxWriter.bytes(graph, weights), OnnxWriter.bytes(read.graph(), weights));
    }
  }

  /** Every op with attributes of its own, in one graph. */
  @Test
  void shouldReadBackEveryOp() {
    GraphBuilder b = new GraphBuilder("ops");
    String x = b.input("x", 4, 6, 6);
    List<Op> shapeKeeping =
        List.of(
            new Op.LeakyRelu(0.2f),
            new Op.Sigmoid(),
            new Op.Tanh(),
            new Op.Exp(),
            new Op.Sqrt(),
            new Op.Log(),
            new Op.Abs(),
            new Op.Neg(),
            new Op.Sign(),
            new Op.Identity(),
            new Op.Cast(ElementType.FLOAT),
            new Op.Clip(-0.5f, 2),
            new Op.Softmax(2),
            new Op.AveragePool(List.of(3, 3), List.of(1, 1), List.of(1, 1, 1, 1), true),
            new Op.MaxPool(List.of(3, 3), List.of(1, 1), List.of(1, 1, 1, 1)));
    for (Op op : shapeKeeping) {
      x = b.node(op.type(), op, x);
    }
    String c = b.node("c", new Op.Constant(0.25f));
    x = b.node("where", new Op.Where(), b.node("greater", new Op.Greater(), x, c), x, c);
    List<String> parts =
        b.node(new Node("split", new Op.Split(1, List.of(1, 3)), List.of(x), List.of("u", "v")));
    x = b.node("concat", new Op.Concat(1), parts.get(1), parts.get(0));
    x = b.node("pad", new Op.Pad(List.of(0, 0, 1, 0, 0, 0, -1, 0), 3), x);
    x = b.node("reshape", new Op.Reshape(List.of(0, -1, 18)), x);
    x = b.node("transpose", new Op.Transpose(List.of(0, 2, 1)), x);
    assertEquals(Shape.of(Shape.UNKNOWN, 18, 8), b.shape(x));
    x = b.node("sum", new Op.ReduceSum(List.of(1), true), x);
    x = b.node("mean", new Op.ReduceMean(List.of(-1), false), x);
    Graph graph = b.build(x);
    NamedTensors none = new NamedTensors(Map.of());
    OnnxModel read = OnnxReader.read("ops", OnnxWriter.bytes(graph, none));
    assertEquals(graph, read.graph());
    OnnxModel scattered =
        OnnxReader.read("pool gradient", OnnxWriter.bytes(Gradients.of(pool(), "p", "x"), none));
    assertEquals(Gradients.of(pool(), "p", "x"), scattered.graph());
  }

  private static Graph pool() {
    GraphBuilder b = new GraphBuilder("pool");
    return b.build(b.maxPool("p", b.input("x", 1, 6, 6), 3, 2, 1));
  }

  /**
   * A file as PyTorch's exporter leaves it: no node names, weights as float_data and raw data, a
   * view by the shape's own batch, a slice, a scalar index and a batch fixed to one.
   */
  @Test
  void shouldUnderstandWhatPyTorchExports() {
    GraphProto.Builder g = GraphProto.newBuilder().setName("main_graph");
    g.addInput(input("input", 1, 2, 4, 4));
    g.addOutput(ValueInfoProto.newBuilder().setName("y"));
    float[] weight = new float[3 * 2 * 3 * 3];
    KeyedRandom random = KeyedRandom.of(1, "weight");
    for (int i = 0; i < weight.length; i++) {
      weight[i] = (float) random.nextDouble(-1, 1);
    }
    g.addInitializer(OnnxWriter.floats("w", Shape.of(3, 2, 3, 3), weight));
    g.addInitializer(
        TensorProto.newBuilder()
            .setName("b")
            .setDataType(TensorProto.DataType.FLOAT_VALUE)
            .addDims(3)
            .addAllFloatData(List.of(0.5f, -0.5f, 0.25f)));
    g.addInitializer(OnnxWriter.floats("dense", Shape.of(2, 27), Arrays.copyOf(weight, 54)));
    longs(g, "zero", true, 0);
    longs(g, "minus", false, -1);
    longs(g, "axis", false, 0);
    longs(g, "starts", false, 1);
    longs(g, "ends", false, Long.MAX_VALUE);
    longs(g, "axes", false, 3);
    longs(g, "second", true, 1);
    g.addNode(node("Conv", "c", "input", "w", "b").addAttribute(ints("pads", 1, 1, 1, 1)));
    g.addNode(node("Relu", "r", "c"));
    g.addNode(node("Slice", "s", "r", "starts", "ends", "axes"));
    g.addNode(node("AveragePool", "a", "s").addAttribute(ints("kernel_shape", 2, 1)));
    g.addNode(node("Shape", "shape", "a"));
    g.addNode(node("Gather", "n", "shape", "zero"));
    g.addNode(node("Unsqueeze", "n1", "n", "axis"));
    g.addNode(node("Concat", "target", "n1", "minus").addAttribute(integer("axis", 0)));
    g.addNode(node("Reshape", "flat", "a", "target"));
    g.addNode(node("Gemm", "both", "flat", "dense").addAttribute(integer("transB", 1)));
    g.addNode(node("Gather", "y", "both", "second").addAttribute(integer("axis", 1)));
    byte[] bytes = model(g, 17).toByteArray();
    OnnxModel read = OnnxReader.read("export.onnx", bytes);
    assertEquals(Shape.of(Shape.UNKNOWN, 2, 4, 4), read.graph().input().shape());
    float[] image = new float[32];
    for (int i = 0; i < image.length; i++) {
      image[i] = (float) random.nextDouble(-2, 2);
    }
    FloatTensor x = new FloatTensor(Shape.of(1, 2, 4, 4), image);
    byte[] again = OnnxWriter.bytes(read.graph(), read.weights());
    try (OnnxRunner original = OnnxRunner.open("original", bytes, 1);
        OnnxRunner ours = OnnxRunner.open("ours", again, 1)) {
      float[] expected = original.run(Map.of("input", x)).get("y").data();
      assertArrayEquals(expected, ours.run(Map.of("input", x)).get("y").data(), 1e-6f);
      // The batch, fixed to one in the file, is open in the graph.
      float[] twice = Arrays.copyOf(image, 64);
      System.arraycopy(image, 0, twice, 32, 32);
      float[] pair =
          ours.run(Map.of("input", new FloatTensor(Shape.of(2, 2, 4, 4), twice))).get("y").data();
      assertEquals(expected[0], pair[1], 1e-6f);
    }
  }

  @Test
  void shouldNameOpNodeAndOpsetOfWhatItDoesNotKnow() {
    GraphProto.Builder g = GraphProto.newBuilder().setName("g").addInput(input("x", 1, 2, 4, 4));
    g.addOutput(ValueInfoProto.newBuilder().setName("y"));
    g.addNode(node("GridSample", "y", "x").setName("warp"));
    String message = problem(model(g, 16).toByteArray());
    assertTrue(
        message.startsWith("bad.onnx")
            && message.contains("warp")
            && message.contains("GridSample")
            && message.contains("opset 16"),
        message);
    assertTrue(problem(model(g, 7).toByteArray()).contains("opset 7"));
  }

  @Test
  void shouldRefuseWhatIsTruncatedOrMalformed() throws IOException {
    Graph graph = new DenseNet(8, 4, List.of(2, 2), 2, 3, 32).graph();
    byte[] bytes = OnnxWriter.bytes(graph, Initialization.PYTORCH.weights(graph, 1));
    for (int length = 0; length < bytes.length; length += 97) {
      problem(Arrays.copyOf(bytes, length));
    }
    problem("not a model".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    Path file = folder.resolve("none.onnx");
    assertTrue(
        assertThrows(ProblemException.class, () -> OnnxReader.read(file))
            .getMessage()
            .contains("none.onnx"));
    Files.write(file, Arrays.copyOf(bytes, 1000));
    assertTrue(
        assertThrows(ProblemException.class, () -> OnnxReader.read(file))
            .getMessage()
            .contains("truncated"));
  }

  /** Bytes changed at random make an error of one line or a readable model, never another error. */
  @Test
  void shouldSurviveAnyDamage() {
    Graph graph = new DenseNet(8, 4, List.of(2, 2), 2, 3, 32).graph();
    byte[] bytes = OnnxWriter.bytes(graph, Initialization.PYTORCH.weights(graph, 1));
    KeyedRandom random = KeyedRandom.of(9, "damage");
    int refused = 0;
    for (int i = 0; i < 2000; i++) {
      byte[] damaged = bytes.clone();
      for (int k = 0; k < 8; k++) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
      }
      try {
        OnnxReader.read("bad.onnx", damaged);
      } catch (ProblemException e) {
        refused++;
      }
    }
    assertTrue(refused > 100, refused + " of 2000 refused");
  }

  @Test
  void shouldRefuseWhatDoesNotFitTogether() {
    GraphProto.Builder huge = GraphProto.newBuilder().addInput(input("x", 1, 1, 4, 4));
    huge.addInitializer(
        TensorProto.newBuilder()
            .setName("w")
            .setDataType(TensorProto.DataType.FLOAT_VALUE)
            .addDims(1 << 20)
            .addDims(200)
            .setRawData(ByteString.copyFrom(new byte[8])));
    assertTrue(problem(model(huge, 17).toByteArray()).contains("'w'"));
    GraphProto.Builder external = GraphProto.newBuilder();
    external.addInitializer(
        TensorProto.newBuilder()
            .setName("w")
            .setDataType(TensorProto.DataType.FLOAT_VALUE)
            .setDataLocation(TensorProto.DataLocation.EXTERNAL));
    assertTrue(problem(model(external, 17).toByteArray()).contains("separate file"));
    GraphProto.Builder undefined = GraphProto.newBuilder().addInput(input("x", 1, 1, 4, 4));
    undefined.addNode(node("Add", "y", "x", "nowhere"));
    assertTrue(problem(model(undefined, 17).toByteArray()).contains("nowhere"));
    GraphProto.Builder open = GraphProto.newBuilder().addInput(input("x", 1, 1, 0, 4));
    assertTrue(problem(model(open, 17).toByteArray()).contains("dimension 2"));
  }

  private static String problem(byte[] bytes) {
    ProblemException e =
        assertThrows(ProblemException.class, () -> OnnxReader.read("bad.onnx", bytes));
    assertEquals(ProblemKind.BAD_DATA, e.kind());
    assertTrue(e.getMessage().lines().count() == 1, e.getMessage());
    return e.getMessage();
  }

  private static ModelProto model(GraphProto.Builder graph, long opset) {
    return ModelProto.newBuilder()
        .setIrVersion(8)
        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(opset))
        .setGraph(completed(graph))
        .build();
  }

  /** ONNX Runtime wants an output's type. */
  private static GraphProto completed(GraphProto.Builder graph) {
    GraphProto.Builder copy = graph.clone();
    for (int i = 0; i < copy.getOutputCount(); i++) {
      copy.getOutputBuilder(i)
          .setType(
              TypeProto.newBuilder()
                  .setTensorType(
                      TypeProto.Tensor.newBuilder().setElemType(TensorProto.DataType.FLOAT_VALUE)));
    }
    return copy.build();
  }

  private static ValueInfoProto input(String name, int... dims) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    for (int d : dims) {
      shape.addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(d));
    }
    TypeProto.Tensor.Builder tensor =
        TypeProto.Tensor.newBuilder().setElemType(TensorProto.DataType.FLOAT_VALUE).setShape(shape);
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(TypeProto.newBuilder().setTensorType(tensor))
        .build();
  }

  private static void longs(GraphProto.Builder g, String name, boolean scalar, long value) {
    TensorProto.Builder t =
        TensorProto.newBuilder()
            .setName(name)
            .setDataType(TensorProto.DataType.INT64_VALUE)
            .addInt64Data(value);
    g.addInitializer(scalar ? t : t.addDims(1));
  }

  private static NodeProto.Builder node(String type, String output, String... inputs) {
    return NodeProto.newBuilder()
        .setOpType(type)
        .addAllInput(Arrays.asList(inputs))
        .addOutput(output);
  }

  private static AttributeProto integer(String name, long value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.INT)
        .setI(value)
        .build();
  }

  private static AttributeProto ints(String name, long... values) {
    AttributeProto.Builder a =
        AttributeProto.newBuilder().setName(name).setType(AttributeProto.AttributeType.INTS);
    for (long v : values) {
      a.addInts(v);
    }
    return a.build();
  }
}
