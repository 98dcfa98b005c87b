package org.xrv.converter.autodiff;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.bytedeco.onnx.global.onnx;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.xrv.converter.onnx.OnnxWriter;
import org.xrv.converter.onnxruntime.OnnxRunner;
import org.xrv.core.architecture.DenseNet;
import org.xrv.core.architecture.LatentShape;
import org.xrv.core.architecture.ResNetAutoencoder;
import org.xrv.core.golden.GoldenNetworks;
import org.xrv.core.graph.Graph;
import org.xrv.core.graph.GraphBuilder;
import org.xrv.core.graph.Graphs;
import org.xrv.core.graph.Node;
import org.xrv.core.graph.Op;
import org.xrv.core.graph.Parameter;
import org.xrv.core.graph.ParameterKind;
import org.xrv.core.graph.Shape;
import org.xrv.core.random.KeyedRandom;
import org.xrv.core.tensor.FloatTensor;
import org.xrv.core.tensor.NamedTensors;

/**
 * Each rule against central differences, and whole networks against what PyTorch's autograd gives.
 */
class GradientsTest {
  @TempDir Path folder;

  /** A name and how the case makes its value from the builder and the input [N, 4, 6, 6]. */
  static Stream<Arguments> cases() {
    List<Integer> even = GraphBuilder.around(1);
    return Stream.of(
        of("conv", (b, x) -> b.conv("c", x, 3, 3, 1, 1)),
        of("conv stride 2 on even size", (b, x) -> b.conv("c", x, 3, 3, 2, 1)),
        of("conv stride 4 leaves a rest", (b, x) -> b.conv("c", x, 3, 1, 4, 0)),
        of(
            "conv grouped, dilated, uneven padding",
            (b, x) ->
                b.node(
                    "c",
                    new Op.Conv(List.of(2, 1), List.of(1, 0, 2, 1), List.of(1, 2), 2),
                    x,
                    b.parameter("w", ParameterKind.CONV_WEIGHT, 6, 2, 3, 2))),
        of("convTranspose", (b, x) -> b.convTranspose("c", x, 3, 3, 2, 1, 1)),
        of("convTranspose 1x1 stride 3", (b, x) -> b.convTranspose("c", x, 3, 1, 3, 0, 2)),
        of("batchNorm", (b, x) -> b.batchNorm("n", x)),
        of("relu", (b, x) -> b.relu("r", x)),
        of("sigmoid", (b, x) -> b.node("s", new Op.Sigmoid(), x)),
        of("tanh", (b, x) -> b.node("s", new Op.Tanh(), x)),
        of("exp", (b, x) -> b.node("s", new Op.Exp(), x)),
        of(
            "log",
            (b, x) ->
                b.node(
                    "l",
                    new Op.Log(),
                    b.node(
                        "e",
                        new Op.Add(),
                        b.node("a", new Op.Abs(), x),
                        b.node("one", new Op.Constant(1))))),
        of(
            "neg and sub",
            (b, x) ->
                b.node(
                    "d",
                    new Op.Sub(),
                    b.node("n", new Op.Neg(), x),
                    b.node("s", new Op.Sigmoid(), x))),
        of("sqrt", (b, x) -> b.node("q", new Op.Sqrt(), b.node("e", new Op.Exp(), x))),
        of("leakyRelu", (b, x) -> b.node("l", new Op.LeakyRelu(0.3f), x)),
        of("erf", (b, x) -> b.node("e", new Op.Erf(), x)),
        of(
            "expand",
            (b, x) ->
                b.node(
                    "m",
                    new Op.Mul(),
                    x,
                    b.node(
                        "e",
                        new Op.Expand(List.of(1, 6, 1)),
                        b.node("g", new Op.GlobalAveragePool(), x)))),
        of("softmax over channels", (b, x) -> b.node("s", new Op.Softmax(1), x)),
        of("softmax over the last axis", (b, x) -> b.node("s", new Op.Softmax(-1), x)),
        of(
            "reduceMean",
            (b, x) ->
                b.node(
                    "m", new Op.ReduceMean(List.of(-1, 2), false), b.node("s", new Op.Tanh(), x))),
        of(
            "reduceSum, axis kept",
            (b, x) ->
                b.node("m", new Op.ReduceSum(List.of(1), true), b.node("s", new Op.Tanh(), x))),
        of(
            "where, both branches and broadcast",
            (b, x) ->
                b.node(
                    "w",
                    new Op.Where(),
                    b.node("g", new Op.Greater(), x, b.node("c", new Op.Constant(0.3f))),
                    b.node("e", new Op.Exp(), x),
                    b.node("p", new Op.GlobalAveragePool(), x))),
        of("identity", (b, x) -> b.node("i", new Op.Identity(), x)),
        of(
            "value used twice",
            (b, x) -> b.node("m", new Op.Mul(), x, b.node("s", new Op.Sigmoid(), x))),
        of(
            "broadcast mul",
            (b, x) -> b.node("m", new Op.Mul(), b.node("g", new Op.GlobalAveragePool(), x), x)),
        of(
            "broadcast div",
            (b, x) ->
                b.node(
                    "q",
                    new Op.Div(),
                    x,
                    b.node("e", new Op.Exp(), b.node("g", new Op.GlobalAveragePool(), x)))),
        of("maxPool overlapping", (b, x) -> b.maxPool("p", x, 3, 2, 1)),
        of(
            "averagePool",
            (b, x) ->
                b.node(
                    "p",
                    new Op.AveragePool(List.of(2, 3), List.of(2, 3), GraphBuilder.around(0), false),
                    x)),
        of(
            "averagePool with a rest",
            (b, x) ->
                b.node(
                    "p",
                    new Op.AveragePool(List.of(4, 5), List.of(4, 5), GraphBuilder.around(0), true),
                    x)),
        of("globalAveragePool", (b, x) -> b.node("p", new Op.GlobalAveragePool(), x)),
        of("concat", (b, x) -> b.node("c", new Op.Concat(1), x, b.node("s", new Op.Sigmoid(), x))),
        of(
            "split, one part unused",
            (b, x) ->
                b.node(new Node("s", new Op.Split(1, List.of(1, 3)), List.of(x), List.of("u", "v")))
                    .get(1)),
        of("flatten and gemm", (b, x) -> b.linear("l", b.node("f", new Op.Flatten(1), x), 5)),
        of(
            "reshape and transpose",
            (b, x) ->
                b.node(
                    "t",
                    new Op.Transpose(List.of(0, 2, 1)),
                    b.node("r", new Op.Reshape(List.of(0, 8, 18)), x))),
        of(
            "pad and crop",
            (b, x) -> b.node("p", new Op.Pad(List.of(0, 0, 1, -1, 0, 0, -2, 1), 3), x)),
        of("clip", (b, x) -> b.node("c", new Op.Clip(-0.5f, 0.6f), x)),
        of(
            "everything at once",
            (b, x) ->
                b.maxPool(
                    "p",
                    b.relu(
                        "r",
                        b.batchNorm(
                            "n",
                            b.node(
                                "c",
                                new Op.Conv(GraphBuilder.both(1), even, GraphBuilder.both(1), 1),
                                x,
                                b.parameter("w", ParameterKind.CONV_WEIGHT, 4, 4, 3, 3)))),
                    2,
                    2,
                    0)));
  }

  private static Arguments of(String name, BiFunction<GraphBuilder, String, String> value) {
    return Arguments.of(name, value);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void shouldEqualCentralDifferences(String name, BiFunction<GraphBuilder, String, String> value) {
    GraphBuilder b = new GraphBuilder("case");
    String x = b.input("x", 4, 6, 6);
    String y = value.apply(b, x);
    // Outputs weighted unequally, so that a rule that mixes them up shows.
    Shape shape = b.shape(y);
    String weighted =
        b.node(
            "weighted",
            new Op.Mul(),
            y,
            b.parameter(
                "mix",
                ParameterKind.CONSTANT,
                shape.withBatch(1).dims().stream().mapToInt(d -> d).toArray()));
    Graph forward = b.build(weighted);
    NamedTensors weights = weights(forward);
    Graph gradient = Gradients.of(forward, weighted, x);
    Path file = folder.resolve("gradient.onnx");
    OnnxWriter.write(gradient, weights, file);
    onnx.check_model(file.toString(), true, false, false);

    int size = 2 * 4 * 6 * 6;
    float[] point = new float[size];
    KeyedRandom random = KeyedRandom.of(11, name);
    for (int i = 0; i < size; i++) {
      point[i] = (float) random.nextDouble(-1.5, 1.5);
    }
    try (OnnxRunner runner = OnnxRunner.open(file, 1)) {
      float[] actual = runner.run(Map.of("x", tensor(point))).get("d_x").data();
      float h = 1e-3f;
      int close = 0;
      for (int i = 0; i < size; i++) {
        double numeric = (sum(runner, point, i, h) - sum(runner, point, i, -h)) / (2 * h);
        close += Math.abs(numeric - actual[i]) <= 2e-2 * Math.max(1, Math.abs(numeric)) ? 1 : 0;
      }
      // A kink of ReLU, Clip, Abs or a maximum that changes within the step may spoil a few.
      assertTrue(close >= size - 6, close + " of " + size);
    }
  }

  private static double sum(OnnxRunner runner, float[] point, int i, float h) {
    float[] moved = point.clone();
    moved[i] += h;
    double sum = 0;
    for (float v : runner.run(Map.of("x", tensor(moved))).get("weighted").data()) {
      sum += v;
    }
    return sum;
  }

  private static FloatTensor tensor(float[] data) {
    return new FloatTensor(Shape.of(2, 4, 6, 6), data);
  }

  private static NamedTensors weights(Graph graph) {
    Map<String, FloatTensor> tensors = new HashMap<>();
    for (Parameter p : graph.parameters().values()) {
      FloatTensor t = FloatTensor.zeros(p.shape());
      KeyedRandom random = KeyedRandom.of(3, p.name());
      for (int i = 0; i < t.data().length; i++) {
        t.data()[i] = (float) random.nextDouble(0.2, 1);
      }
      tensors.put(p.name(), t);
    }
    return new NamedTensors(tensors);
  }

  @Test
  void shouldEqualAutogradOnThePaperNetworks() throws IOException {
    GoldenNetworks goldens = GoldenNetworks.open();
    ResNetAutoencoder network = new ResNetAutoencoder(50, new LatentShape(512, 3), 1, 224);
    long seed = goldens.golden().get("seed").asLong();
    Graph classifier = DenseNet.densenet121(18, 224).graph();
    NamedTensors f = GoldenNetworks.formula(classifier, seed).prefixed("f.");
    NamedTensors weights = GoldenNetworks.formula(network.autoencoder(), seed).with(f);
    GraphBuilder head = new GraphBuilder("head");
    String part =
        head.node(
                new Node(
                    "target",
                    new Op.Split(1, List.of(10, 1, 7)),
                    List.of(head.input("all", 18)),
                    List.of("before", "logit", "after")))
            .get(1);
    Graph selected =
        Graphs.chain(
            "f",
            Graphs.prefixed(classifier, "f."),
            head.build(part, head.node("probability", new Op.Sigmoid(), part)));

    Graph inputGradient = Gradients.of(selected, "logit", "f.image");
    FloatTensor x = goldens.images(0, 1);
    double[] absolute = run(inputGradient, f, "f.image", x).get("d_f.image");
    for (int i = 0; i < absolute.length; i++) {
      absolute[i] = Math.abs(absolute[i]);
    }
    // The float32 golden itself is 2.3 % of its maximum away from the float64 one at single
    // pixels, so it is compared by direction. The trainer's golden test runs this gradient graph
    // in float64, where it equals autograd to 1e-8.
    double inputCosine = cosine(absolute, GoldenNetworks.read("input_gradient"));
    assertTrue(inputCosine > 0.999, "cosine " + inputCosine);

    Graph latent =
        Gradients.of(Graphs.chain("latent", network.decoder(), selected), "probability", "z");
    double[] z = GoldenNetworks.read("z");
    float[] narrow = new float[z.length];
    for (int i = 0; i < z.length; i++) {
      narrow[i] = (float) z[i];
    }
    Map<String, double[]> results =
        run(latent, weights, "z", new FloatTensor(Shape.of(1, 512, 3, 3), narrow));
    assertEquals(
        goldens.golden().at("/latent_gradient/prediction_at_0").asDouble(),
        results.get("probability")[0],
        1e-5);
    double cosine = cosine(results.get("d_z"), GoldenNetworks.read("latent_gradient"));
    assertTrue(cosine > 0.999, "cosine " + cosine);
  }

  private static double cosine(double[] a, double[] b) {
    double ab = 0;
    double aa = 0;
    double bb = 0;
    for (int i = 0; i < a.length; i++) {
      ab += a[i] * b[i];
      aa += a[i] * a[i];
      bb += b[i] * b[i];
    }
    return ab / Math.sqrt(aa * bb);
  }

  private Map<String, double[]> run(
      Graph graph, NamedTensors weights, String input, FloatTensor x) {
    Path file = folder.resolve("network.onnx");
    OnnxWriter.write(graph, weights, file);
    Map<String, double[]> wide = new HashMap<>();
    try (OnnxRunner runner = OnnxRunner.open(file, 2)) {
      runner
          .run(Map.of(input, x))
          .forEach(
              (name, t) -> {
                double[] values = new double[t.data().length];
                for (int i = 0; i < values.length; i++) {
                  values[i] = t.data()[i];
                }
                wide.put(name, values);
              });
    }
    return wide;
  }

  @Test
  void shouldNameTheNodeThatHasNoRule() {
    GraphBuilder b = new GraphBuilder("blurred");
    Op overlapping =
        new Op.AveragePool(
            GraphBuilder.both(3), GraphBuilder.both(1), GraphBuilder.around(1), false);
    Graph graph = b.build(b.node("blur", overlapping, b.input("x", 4, 6, 6)));
    String message =
        assertThrows(IllegalArgumentException.class, () -> Gradients.of(graph, "blur", "x"))
            .getMessage();
    assertTrue(message.contains("blur") && message.contains("overlapping"), message);
    List<String> outputs = new ArrayList<>(graph.outputs());
    assertEquals(List.of("blur"), outputs);
  }
}
