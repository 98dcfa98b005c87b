package org.xrv.converter.autodiff;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
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
import org.xrv.core.graph.ElementType;
import org.xrv.core.graph.Graph;
import org.xrv.core.graph.GraphBuilder;
import org.xrv.core.graph.Graphs;
import org.xrv.core.graph.Node;
import org.xrv.core.graph.Op;
import org.xrv.core.graph.Parameter;
import org.xrv.core.graph.ParameterKind;
import org.xrv.core.graph.Shape;
import org.xrv.core.random.KeyedRandom;
import org.xrv.core.reference.DoubleTensor;
import org.xrv.core.reference.ReferenceExecutor;
import org.xrv.core.tensor.FloatTensor;
import org.xrv.core.tensor.NamedTensors;

/**
 * Each rule in float64 against central differences of the reference, and in ONNX Runtime; whole
 * networks against what PyTorch's autograd gives.
 */
class GradientsTest {
  /** Its square, the error of the differences, is 1e-10; rounding over it is 1e-10 too. */
  private static final double STEP = 1e-5;

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
            "clip from below only",
            (b, x) -> b.node("c", new Op.Clip(0.1f, Float.POSITIVE_INFINITY), x)),
        of(
            "averagePool overlapping, its padding counted",
            (b, x) ->
                b.node(
                    "p",
                    new Op.AveragePool(List.of(3, 2), List.of(2, 1), List.of(1, 0, 1, 1), true),
                    x)),
        of(
            "averagePool overlapping, its padding not counted",
            (b, x) ->
                b.node(
                    "p",
                    new Op.AveragePool(List.of(3, 3), List.of(2, 1), List.of(1, 1, 0, 1), false),
                    x)),
        of(
            "conv by channel",
            (b, x) ->
                b.node(
                    "c",
                    new Op.Conv(GraphBuilder.both(1), List.of(1, 2, 1, 0), GraphBuilder.both(1), 4),
                    x,
                    b.parameter("w", ParameterKind.CONV_WEIGHT, 4, 1, 3, 2))),
        of(
            "conv in two groups of several",
            (b, x) ->
                b.node(
                    "c",
                    new Op.Conv(GraphBuilder.both(1), List.of(0, 1, 0, 1), List.of(2, 1), 2),
                    x,
                    b.parameter("w", ParameterKind.CONV_WEIGHT, 6, 2, 2, 3))),
        of(
            "conv padded beyond its kernel",
            (b, x) ->
                b.node(
                    "c",
                    new Op.Conv(GraphBuilder.both(1), List.of(3, 2, 3, 2), GraphBuilder.both(1), 1),
                    x,
                    b.parameter("w", ParameterKind.CONV_WEIGHT, 3, 4, 2, 2))),
        of(
            "convTranspose in groups before batchNorm",
            (b, x) ->
                b.batchNorm(
                    "n",
                    b.node(
                        "c",
                        new Op.ConvTranspose(
                            GraphBuilder.both(2),
                            GraphBuilder.around(1),
                            GraphBuilder.both(1),
                            GraphBuilder.both(1),
                            2),
                        x,
                        b.parameter("w", ParameterKind.CONV_WEIGHT, 4, 3, 3, 3)))),
        of(
            "batchNorm behind and before convolutions",
            (b, x) ->
                b.convTranspose(
                    "d",
                    b.relu(
                        "r2",
                        b.batchNorm(
                            "n2", b.conv("c", b.relu("r1", b.batchNorm("n1", x)), 3, 3, 1, 1))),
                    2,
                    3,
                    2,
                    1,
                    1)),
        of(
            "batchNorm whose input and output are used again",
            (b, x) -> {
              String c = b.conv("c", x, 4, 3, 1, 1);
              String n = b.batchNorm("n", c);
              String d = b.conv("d", b.relu("r", n), 4, 1, 1, 0);
              return b.node("s", new Op.Add(), b.node("t", new Op.Add(), c, n), d);
            }),
        of(
            "matMul of stacks, both active",
            (b, x) ->
                b.node(
                    "m",
                    new Op.MatMul(),
                    b.node("t", new Op.Tanh(), x),
                    b.node("u", new Op.Transpose(List.of(0, 1, 3, 2)), x))),
        of(
            "matMul with one matrix on the left and one on the right",
            (b, x) ->
                b.node(
                    "m",
                    new Op.MatMul(),
                    b.node("l", new Op.MatMul(), b.parameter("a", ParameterKind.CONSTANT, 3, 6), x),
                    b.parameter("b", ParameterKind.CONSTANT, 6, 2))),
        of(
            "matMul with repeated stacks",
            (b, x) ->
                b.node(
                    "m",
                    new Op.MatMul(),
                    b.node("g", new Op.ReduceMean(List.of(1), true), x),
                    b.node("t", new Op.Tanh(), x))),
        of(
            "gemm of everything, transposed",
            (b, x) -> {
              String f = b.node("f", new Op.Reshape(List.of(-1, 12)), x);
              String left = b.node("l", new Op.Transpose(List.of(1, 0)), f);
              String right =
                  b.node("r", new Op.Transpose(List.of(1, 0)), b.node("e", new Op.Tanh(), f));
              return b.node(
                  "g",
                  new Op.Gemm(0.5f, 2, true, true),
                  left,
                  b.parameter("w", ParameterKind.LINEAR_WEIGHT, 5, 12),
                  b.node(
                      "c",
                      new Op.ReduceSum(List.of(1), true),
                      b.node("q", new Op.Transpose(List.of(1, 0)), right)));
            }),
        of(
            "gather, one place twice",
            (b, x) ->
                b.node(
                    "g",
                    new Op.Gather(2),
                    x,
                    b.node(
                        "i",
                        new Op.Cast(ElementType.INT64),
                        b.parameter("at", ParameterKind.CONSTANT, 3)))),
        of(
            "cast to double and back",
            (b, x) ->
                b.node(
                    "f",
                    new Op.Cast(ElementType.FLOAT),
                    b.node("d", new Op.Cast(ElementType.DOUBLE), x))),
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

    FloatTensor point = FloatTensor.zeros(Shape.of(2, 4, 6, 6));
    KeyedRandom random = KeyedRandom.of(11, name);
    for (int i = 0; i < point.data().length; i++) {
      point.data()[i] = (float) random.nextDouble(-1.5, 1.5);
    }
    double[] actual = reference(gradient, weights, DoubleTensor.of(point)).get("d_x").data();
    double largest = 0;
    double[] numeric = new double[actual.length];
    for (int i = 0; i < numeric.length; i++) {
      numeric[i] =
          (sum(forward, weights, point, i, STEP) - sum(forward, weights, point, i, -STEP))
              / (2 * STEP);
      largest = Math.max(largest, Math.abs(numeric[i]));
    }
    for (int i = 0; i < numeric.length; i++) {
      assertEquals(numeric[i], actual[i], 1e-7 * largest, name + " at " + i);
    }
    // What ONNX Runtime makes of the file.
    try (OnnxRunner runner = OnnxRunner.open(file, 1)) {
      float[] g = runner.run(Map.of("x", point)).get("d_x").data();
      for (int i = 0; i < g.length; i++) {
        assertEquals(actual[i], g[i], 1e-4 * largest, name + " at " + i);
      }
    }
  }

  private static Map<String, DoubleTensor> reference(
      Graph graph, NamedTensors weights, DoubleTensor x) {
    Map<String, DoubleTensor> given = new HashMap<>(ReferenceExecutor.parameters(graph, weights));
    given.put("x", x);
    return ReferenceExecutor.run(graph, given, false).values();
  }

  private static double sum(
      Graph graph, NamedTensors weights, FloatTensor point, int i, double step) {
    DoubleTensor moved = DoubleTensor.of(point);
    moved.data()[i] += step;
    return Arrays.stream(reference(graph, weights, moved).get("weighted").data()).sum();
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
    GraphBuilder b = new GraphBuilder("crowd");
    Graph graph =
        b.build(b.node("crowd", new Op.ReduceMean(List.of(0), true), b.input("x", 4, 6, 6)));
    String message =
        assertThrows(IllegalArgumentException.class, () -> Gradients.of(graph, "crowd", "x"))
            .getMessage();
    assertTrue(message.contains("crowd") && message.contains("over the batch"), message);
  }

  @Test
  void shouldRefuseWhatHasNoGradient() {
    GraphBuilder b = new GraphBuilder("steps");
    String x = b.input("x", 4, 6, 6);
    String above = b.node("above", new Op.Greater(), x, b.node("zero", new Op.Constant(0)));
    b.node("gate", new Op.Cast(ElementType.FLOAT), above);
    b.node("sign", new Op.Sign(), x);
    Graph graph = b.build("gate", "sign");
    for (String output : graph.outputs()) {
      String message =
          assertThrows(IllegalArgumentException.class, () -> Gradients.of(graph, output, "x"))
              .getMessage();
      assertTrue(message.contains("'" + output + "' does not depend on 'x'"), message);
    }
  }

  /** Worked by hand: 2 a - 3 b; ReLU lets both pass, the guided one no negative number. */
  @Test
  void shouldStopNegativeGradientsAtRectifiersWhenGuided() {
    for (Op rectifier : List.of(new Op.Relu(), new Op.Clip(0, 6))) {
      GraphBuilder b = new GraphBuilder("two");
      String x = b.input("x", 3);
      String scaled =
          b.node("scaled", new Op.Mul(), x, b.parameter("w", ParameterKind.CONSTANT, 3));
      String y =
          b.node(
              "y",
              new Op.Mul(),
              b.node("r", rectifier, scaled),
              b.parameter("v", ParameterKind.CONSTANT, 3));
      Graph graph = b.build(y);
      NamedTensors weights =
          new NamedTensors(
              Map.of(
                  "w", new FloatTensor(Shape.of(3), new float[] {-1, 1, 1}),
                  "v", new FloatTensor(Shape.of(3), new float[] {2, -3, 5})));
      DoubleTensor at = new DoubleTensor(Shape.of(1, 3), new double[] {-1, 2, -3});
      double[] exact = reference(Gradients.of(graph, "y", "x"), weights, at).get("d_x").data();
      assertEquals(
          List.of(-2.0, -3.0, 0.0), Arrays.stream(exact).map(v -> v + 0.0).boxed().toList());
      double[] guided =
          reference(Gradients.of(graph, "y", "x", ReluRule.GUIDED), weights, at).get("d_x").data();
      assertEquals(
          List.of(-2.0, 0.0, 0.0), Arrays.stream(guided).map(v -> v + 0.0).boxed().toList());
    }
  }

  /** Guided, BatchNorm's signs count before the gradient goes on. */
  @Test
  void shouldGuideBehindBatchNormOfNegativeScale() {
    GraphBuilder b = new GraphBuilder("norm");
    String n = b.batchNorm("n", b.input("x", 1, 1, 1));
    Graph graph = b.build(b.conv("c", b.relu("r", n), 1, 1, 1, 0));
    Map<String, FloatTensor> tensors = new HashMap<>();
    graph
        .parameters()
        .values()
        .forEach(p -> tensors.put(p.name(), new FloatTensor(p.shape(), new float[] {1})));
    tensors.put("n.weight", new FloatTensor(Shape.of(1), new float[] {-2}));
    DoubleTensor at = new DoubleTensor(Shape.of(1, 1, 1, 1), new double[] {-3});
    double[] guided =
        reference(Gradients.of(graph, "c", "x", ReluRule.GUIDED), new NamedTensors(tensors), at)
            .get("d_x")
            .data();
    assertEquals(-2, guided[0], 1e-4); // 1 through the ReLU, then the scale
  }
}
