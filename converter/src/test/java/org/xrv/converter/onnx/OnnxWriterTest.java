package org.xrv.converter.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.bytedeco.onnx.global.onnx;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xrv.converter.onnxruntime.OnnxRunner;
import org.xrv.core.architecture.DenseNet;
import org.xrv.core.architecture.Initialization;
import org.xrv.core.architecture.LatentShape;
import org.xrv.core.architecture.ResNetAutoencoder;
import org.xrv.core.error.ProblemException;
import org.xrv.core.golden.GoldenNetworks;
import org.xrv.core.graph.ElementType;
import org.xrv.core.graph.Graph;
import org.xrv.core.graph.GraphBuilder;
import org.xrv.core.graph.Node;
import org.xrv.core.graph.Op;
import org.xrv.core.graph.Shape;
import org.xrv.core.tensor.FloatTensor;
import org.xrv.core.tensor.NamedTensors;

/**
 * What is written passes the official checker and gives, in ONNX Runtime, the numbers that PyTorch
 * gives.
 */
class OnnxWriterTest {
  @TempDir Path folder;

  @Test
  void shouldGiveTheGoldenNumbers() throws IOException {
    GoldenNetworks goldens = GoldenNetworks.open();
    ResNetAutoencoder network = new ResNetAutoencoder(50, new LatentShape(512, 3), 1, 224);
    NamedTensors weights =
        GoldenNetworks.formula(network.autoencoder(), goldens.golden().get("seed").asLong());
    FloatTensor x = goldens.images(0, 1);
    FloatTensor z = run(network.encoder(), weights, x);
    GoldenNetworks.assertClose(doubles(z), GoldenNetworks.read("z"), 1e-4);
    GoldenNetworks.assertClose(
        doubles(run(network.decoder(), weights, z)), GoldenNetworks.read("reconstruction"), 1e-4);
    Graph classifier = DenseNet.densenet121(18, 224).graph();
    NamedTensors f = GoldenNetworks.formula(classifier, goldens.golden().get("seed").asLong());
    GoldenNetworks.assertClose(doubles(run(classifier, f, x)), GoldenNetworks.read("logits"), 1e-4);
  }

  @Test
  void shouldPassTheOfficialCheckerAndKeepNamesAndBatchOpen() {
    ResNetAutoencoder network = new ResNetAutoencoder(50, new LatentShape(32, 2), 0.125, 32);
    Graph encoder =
        network.encoder().withMetadata(Map.of("note", "research use, not for diagnosis"));
    NamedTensors weights = Initialization.PYTORCH.weights(network.autoencoder(), 3);
    check(encoder, weights);
    check(network.decoder(), weights);
    try (OnnxRunner runner = OnnxRunner.open("encoder", OnnxWriter.bytes(encoder, weights), 1)) {
      assertEquals("research use, not for diagnosis", runner.metadata().get("note"));
      FloatTensor three = FloatTensor.filled(Shape.of(3, 1, 32, 32), 100);
      assertEquals(
          Shape.of(3, 32, 2, 2),
          runner.run(Map.of(ResNetAutoencoder.IMAGE, three)).get(ResNetAutoencoder.Z).shape());
    }
  }

  /** The ops whose constants become inputs in ONNX, each worked out by hand. */
  @Test
  void shouldWriteConstantInputs() {
    float[] x = {1, -2, 3, 4, 5, -6};
    assertArrayEquals(new float[] {1, -2, 4, 5}, unary(new Op.Split(2, List.of(2, 1)), x, 2));
    assertArrayEquals(new float[] {2, 9 - 6}, unary(new Op.ReduceSum(List.of(2), false), x, 1));
    assertArrayEquals(
        new float[] {2 / 3f, 1}, unary(new Op.ReduceMean(List.of(-1), true), x, 1), 1e-6f);
    assertArrayEquals(new float[] {1, -1, 3, 3, 3, -1}, unary(new Op.Clip(-1, 3), x, 1));
    assertArrayEquals(x, unary(new Op.Reshape(List.of(0, 3, -1)), x, 1));
    assertArrayEquals(
        new float[] {9, 1, -2, 9, 4, 5}, unary(new Op.Pad(List.of(0, 0, 1, 0, 0, -1), 9), x, 1));
    assertArrayEquals(
        new float[] {1, 4, -2, 5, 3, -6}, unary(new Op.Transpose(List.of(0, 2, 1)), x, 1));
    assertArrayEquals(new float[] {0, 1, 0, 0, 0, 1}, comparison(x));
  }

  /** Where x is below -1.5, 1, else 0: Constant, Greater, Where. */
  private float[] comparison(float[] x) {
    GraphBuilder b = new GraphBuilder("comparison");
    String in = b.input("x", ElementType.FLOAT, Shape.of(Shape.UNKNOWN, 2, 3));
    String limit = b.node("limit", new Op.Constant(-1.5f));
    String y =
        b.node(
            "y",
            new Op.Where(),
            b.node("below", new Op.Greater(), limit, in),
            b.node("one", new Op.Constant(1)),
            b.node("zero", new Op.Constant(0)));
    return first(b.build(y), x);
  }

  private float[] unary(Op op, float[] x, int outputs) {
    GraphBuilder b = new GraphBuilder(op.type());
    String in = b.input("x", ElementType.FLOAT, Shape.of(Shape.UNKNOWN, 2, 3));
    List<String> out =
        b.node(new Node("node", op, List.of(in), outputs == 2 ? List.of("a", "b") : List.of("a")));
    return first(b.build(out.get(0)), x);
  }

  private float[] first(Graph graph, float[] x) {
    NamedTensors none = new NamedTensors(Map.of());
    check(graph, none);
    return run(graph, none, new FloatTensor(Shape.of(1, 2, 3), x)).data();
  }

  @Test
  void shouldRefuseWeightsThatDoNotFit() {
    ResNetAutoencoder network = new ResNetAutoencoder(50, new LatentShape(32, 2), 0.125, 32);
    NamedTensors decoder = Initialization.PYTORCH.weights(network.decoder(), 3);
    String message =
        assertThrows(ProblemException.class, () -> OnnxWriter.bytes(network.encoder(), decoder))
            .getMessage();
    assertTrue(message.contains("conv1.weight") && message.contains("missing"), message);
  }

  @Test
  void shouldSayThatATruncatedFileCannotBeLoaded() throws IOException {
    ResNetAutoencoder network = new ResNetAutoencoder(50, new LatentShape(32, 2), 0.125, 32);
    Path file = folder.resolve("encoder.onnx");
    OnnxWriter.write(network.encoder(), Initialization.PYTORCH.weights(network.encoder(), 3), file);
    OnnxRunner.open(file, 1).close();
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
    String message =
        assertThrows(ProblemException.class, () -> OnnxRunner.open(file, 1)).getMessage();
    assertTrue(message.contains("encoder.onnx"), message);
    assertThrows(ProblemException.class, () -> OnnxRunner.open(folder.resolve("none.onnx"), 1));
  }

  private void check(Graph graph, NamedTensors weights) {
    Path file = folder.resolve(graph.name() + ".onnx");
    OnnxWriter.write(graph, weights, file);
    onnx.check_model(file.toString(), true, false, false); // with shape inference
  }

  private static FloatTensor run(Graph graph, NamedTensors weights, FloatTensor x) {
    try (OnnxRunner runner = OnnxRunner.open(graph.name(), OnnxWriter.bytes(graph, weights), 2)) {
      return runner.run(Map.of(graph.input().name(), x)).get(graph.output());
    }
  }

  private static double[] doubles(FloatTensor tensor) {
    double[] wide = new double[tensor.data().length];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = tensor.data()[i];
    }
    return wide;
  }
}
