package org.xrv.trainer.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.xrv.converter.torchscript.Adam;
import org.xrv.converter.torchscript.Loss;
import org.xrv.converter.torchscript.Precision;
import org.xrv.core.graph.Op;
import org.xrv.core.graph.ParameterKind;
import org.xrv.core.graph.Shape;
import org.xrv.core.random.KeyedRandom;
import org.xrv.core.reference.CaseBuilder;
import org.xrv.core.reference.DoubleTensor;
import org.xrv.core.reference.OpCase;
import org.xrv.core.tensor.FloatTensor;

/**
 * Two training steps of tiny networks in float64 against {@link ReferenceTraining}: losses, moments
 * (which are the gradients), weights, running statistics, and the prediction afterwards.
 */
class TrainingOpsTest {
  private static final List<Integer> ONE = List.of(1, 1);
  private static final List<Integer> TWO = List.of(2, 2);
  private static final List<Integer> NONE = List.of(0, 0, 0, 0);
  private static final List<Integer> AROUND = List.of(1, 1, 1, 1);

  /**
   * With a small epsilon, the first step would be the learning rate whatever the size of the
   * gradient.
   */
  private static final Adam ADAM = new Adam(0.9, 0.99, 0.5, 0.01, true, Map.of());

  private static final double RATE = 0.05;
  private static final DjlEngine ENGINE = DjlEngine.open(Precision.FLOAT64);

  @AfterAll
  static void close() {
    ENGINE.close();
  }

  private static OpCase network(String name, BiFunction<CaseBuilder, String, String> body) {
    CaseBuilder b = new CaseBuilder("training " + name, 3);
    return b.build(body.apply(b, b.input("x", 2, 4, 5)));
  }

  /** Numbers of (0, 1) plus a weight for each place, then an op that has none of its own. */
  private static OpCase after(Op op, double low, double high) {
    return network(
        op.toString(),
        (b, x) -> {
          String w = b.weight(low, high, ParameterKind.CONV_WEIGHT, "w", 1, 2, 4, 5);
          return b.node(op, b.node(new Op.Add(), b.node(new Op.Sigmoid(), x), w));
        });
  }

  private static String conv(CaseBuilder b, String weight, String x) {
    return b.node(new Op.Conv(ONE, AROUND, ONE, 1), x, b.weight(weight, 2, 2, 3, 3));
  }

  private static String batchNorm(CaseBuilder b, String x, int channels) {
    return b.node(
        new Op.BatchNormalization(1e-3f, 0.7f),
        x,
        b.weight(0.5, 1.5, ParameterKind.BATCH_NORM_SCALE, "scale", channels),
        b.weight(-1, 1, ParameterKind.BATCH_NORM_SHIFT, "shift", channels),
        b.weight(-1, 1, ParameterKind.RUNNING_MEAN, "mean", channels),
        b.weight(0.5, 2, ParameterKind.RUNNING_VARIANCE, "variance", channels));
  }

  static Stream<OpCase> networks() {
    List<OpCase> all = new ArrayList<>();
    convolutions(all);
    normalizations(all);
    pools(all);
    joined(all);
    dense(all);
    for (Op op :
        List.of(
            new Op.Relu(),
            new Op.LeakyRelu(0.2f),
            new Op.Sigmoid(),
            new Op.Tanh(),
            new Op.Exp(),
            new Op.Abs(),
            new Op.Neg(),
            new Op.Clip(-0.3f, 0.8f),
            new Op.Softmax(1),
            new Op.GlobalAveragePool(),
            new Op.Pad(List.of(0, 0, 1, -1, 0, 0, 0, 2), 0.5f),
            new Op.Transpose(List.of(0, 2, 3, 1)),
            new Op.Reshape(List.of(0, -1)),
            new Op.Flatten(2),
            new Op.ReduceMean(List.of(2, 3), false),
            new Op.ReduceSum(List.of(1), true))) {
      all.add(after(op, -1.5, 0.5));
    }
    all.add(after(new Op.Log(), 0.1, 1));
    all.add(after(new Op.Sqrt(), 0.1, 1));
    return all.stream();
  }

  private static void convolutions(List<OpCase> all) {
    all.add(
        network(
            "Conv",
            (b, x) ->
                b.node(
                    new Op.Conv(List.of(2, 1), List.of(1, 0, 0, 2), List.of(1, 2), 2),
                    x,
                    b.weight("w", 4, 1, 3, 2),
                    b.weight("bias", 4))));
    all.add(network("Conv, then Relu", (b, x) -> b.node(new Op.Relu(), conv(b, "w", x))));
    all.add(
        network(
            "ConvTranspose",
            (b, x) ->
                b.node(
                    new Op.ConvTranspose(TWO, AROUND, ONE, ONE, 1),
                    x,
                    b.weight("w", 2, 2, 3, 3),
                    b.weight("bias", 2))));
    all.add(
        network(
            "ConvTranspose with uneven padding and output padding of the stride",
            (b, x) ->
                b.node(
                    new Op.ConvTranspose(ONE, List.of(1, 0, 0, 1), ONE, ONE, 2),
                    x,
                    b.weight("w", 2, 2, 2, 3),
                    b.weight("bias", 4))));
    all.add(
        network(
            "Conv of every second pixel",
            (b, x) ->
                b.node(
                    new Op.Conv(List.of(2, 3), NONE, ONE, 1),
                    conv(b, "v", x),
                    b.weight("w", 3, 2, 1, 1),
                    b.weight("bias", 3))));
    all.add(
        network(
            "ConvTranspose to every second pixel",
            (b, x) ->
                b.node(
                    new Op.ConvTranspose(List.of(2, 3), NONE, List.of(1, 2), ONE, 1),
                    conv(b, "v", x),
                    b.weight("w", 2, 3, 1, 1),
                    b.weight("bias", 3))));
  }

  private static void normalizations(List<OpCase> all) {
    all.add(network("BatchNormalization", (b, x) -> batchNorm(b, conv(b, "w", x), 2)));
    all.add(
        network(
            "BatchNormalization, then Relu",
            (b, x) -> b.node(new Op.Relu(), batchNorm(b, conv(b, "w", x), 2))));
    all.add(
        network(
            "BatchNormalization of rows",
            (b, x) ->
                batchNorm(
                    b,
                    b.node(
                        new Op.Gemm(1, 1, false, true),
                        b.node(new Op.Flatten(1), x),
                        b.weight("w", 3, 40)),
                    3)));
  }

  private static void pools(List<OpCase> all) {
    List<Integer> wide = List.of(2, 2, 2, 2);
    for (List<Integer> pads : List.of(NONE, AROUND, wide, List.of(1, 0, 0, 2))) {
      Op max = new Op.MaxPool(List.of(3, 3), TWO, pads);
      all.add(network(max.toString(), (b, x) -> b.node(max, conv(b, "w", x))));
      for (boolean counted : new boolean[] {true, false}) {
        Op mean = new Op.AveragePool(List.of(3, 3), TWO, pads, counted);
        all.add(network(mean.toString(), (b, x) -> b.node(mean, conv(b, "w", x))));
      }
    }
  }

  private static void joined(List<OpCase> all) {
    for (Op op : List.of(new Op.Add(), new Op.Sub(), new Op.Mul())) {
      all.add(
          network(
              op.type() + " of two paths, then Relu",
              (b, x) -> b.node(new Op.Relu(), b.node(op, conv(b, "v", x), conv(b, "w", x)))));
      all.add(
          network(
              op.type() + " with channels",
              (b, x) -> b.node(op, conv(b, "w", x), b.weight("v", 2, 1, 1))));
    }
    all.add(
        network(
            "Div",
            (b, x) ->
                b.node(
                    new Op.Div(),
                    conv(b, "w", x),
                    b.weight(0.5, 2, ParameterKind.CONV_WEIGHT, "v", 4, 1))));
    all.add(
        network(
            "Add to what Relu was made of",
            (b, x) -> {
              String y = conv(b, "w", x);
              return b.node(new Op.Add(), b.node(new Op.Relu(), y), y);
            }));
    all.add(
        network("Concat", (b, x) -> b.node(new Op.Concat(1), conv(b, "w", x), x, conv(b, "v", x))));
    all.add(
        network(
            "Split",
            (b, x) -> {
              List<String> parts = b.nodes(new Op.Split(1, ONE), 2, conv(b, "w", x));
              return b.node(new Op.Mul(), parts.get(0), parts.get(1));
            }));
    all.add(
        network(
            "Where",
            (b, x) -> {
              String w = conv(b, "w", x);
              String v = conv(b, "v", x);
              return b.node(new Op.Where(), b.node(new Op.Greater(), x, w), w, v);
            }));
    all.add(
        network(
            "Gather",
            (b, x) ->
                b.node(
                    new Op.Gather(2),
                    conv(b, "w", x),
                    b.indices("at", new float[] {3, 0, 3, -2}, 4))));
    all.add(
        network(
            "ScatterElements",
            (b, x) ->
                b.node(
                    new Op.Mul(),
                    x,
                    b.node(
                        new Op.ScatterElements(1),
                        b.weight("w", 4, 5),
                        b.indices("at", new float[] {4, 1, 1, 0}, 2, 2),
                        b.weight("v", 2, 2)))));
  }

  private static void dense(List<OpCase> all) {
    for (Op.Gemm op : List.of(new Op.Gemm(1, 1, false, true), new Op.Gemm(0.5f, 3, false, false))) {
      all.add(
          network(
              op.toString(),
              (b, x) ->
                  b.node(
                      op,
                      b.node(new Op.Flatten(1), x),
                      op.transB() ? b.weight("w", 3, 40) : b.weight("w", 40, 3),
                      b.weight("bias", 3))));
    }
    all.add(network("MatMul", (b, x) -> b.node(new Op.MatMul(), b.weight("w", 3, 4), x)));
  }

  static List<Loss> losses() {
    return List.of(
        Loss.ELASTIC,
        Loss.MSE,
        Loss.MAE,
        Loss.elastic(0.5, 3),
        Loss.huber(0.7),
        Loss.BINARY_CROSS_ENTROPY,
        // Targets are [2, 2, 4, 5]: weights of the last axis.
        new Loss.BinaryCrossEntropy(List.of(1.0, 0.5, 2.0, 0.0, 3.0)));
  }

  @ParameterizedTest
  @MethodSource("networks")
  void shouldStepAsCentralDifferencesSay(OpCase c) {
    compare(c, Loss.ELASTIC, ADAM, target(c, false));
  }

  @ParameterizedTest
  @MethodSource("losses")
  void shouldStepByEveryLoss(Loss loss) {
    OpCase c = network("loss", (b, x) -> batchNorm(b, conv(b, "w", x), 2));
    compare(c, loss, ADAM, target(c, loss instanceof Loss.BinaryCrossEntropy));
  }

  @ParameterizedTest
  @MethodSource("losses")
  void shouldStepWithoutAmsgradAndWithScaledRates(Loss loss) {
    OpCase c = network("scaled", (b, x) -> conv(b, "v", b.node(new Op.Tanh(), conv(b, "w", x))));
    Adam adam = new Adam(0.8, 0.9, 0.25, 0, false, Map.of("w", 3.0));
    compare(c, loss, adam, target(c, loss instanceof Loss.BinaryCrossEntropy));
  }

  /** Numbers near the outputs, or labels of which some are unknown. */
  private static double[] target(OpCase c, boolean labels) {
    KeyedRandom random = KeyedRandom.of(23, c.name());
    double[] target = new double[c.expected().get(0).data().length];
    for (int i = 0; i < target.length; i++) {
      target[i] =
          labels
              ? List.of(0.0, 1.0, Double.NaN).get(random.nextInt(3))
              : (float) random.nextDouble(-2, 2);
    }
    return target;
  }

  private static void compare(OpCase c, Loss loss, Adam adam, double[] target) {
    Shape shape = c.expected().get(0).shape();
    FloatTensor t = new FloatTensor(shape, ReferenceTraining.narrow(target));
    ReferenceTraining reference = new ReferenceTraining(c, loss, adam);
    try (TrainingSession session = ENGINE.train(c.graph(), c.weights(), loss, adam)) {
      for (int step = 0; step < 2; step++) {
        double expected = reference.step(target, RATE);
        double actual = session.step(c.inputs().get(0), t, RATE).loss();
        assertEquals(expected, actual, 1e-8 * expected, "loss of step " + step);
        assertSame(c, reference, session);
      }
      // What comes out of a session is float32.
      reference
          .predict()
          .assertGivenBy(DoubleTensor.of(session.predict(c.inputs().get(0))), 1e-6, "prediction");
    }
  }

  private static void assertSame(OpCase c, ReferenceTraining reference, TrainingSession session) {
    reference
        .parameters()
        .forEach(
            (name, expected) -> {
              DoubleTensor actual = DoubleTensor.of(session.weights().get(name));
              expected.assertGivenBy(actual, 1e-6, name + " after step " + session.steps());
              if (c.graph().parameters().get(name).kind().trainable()) {
                new DoubleTensor(expected.shape(), reference.firstMoment(name))
                    .assertGivenBy(
                        DoubleTensor.of(session.optimizerState().get("exp_avg/" + name)),
                        1e-6,
                        "gradient of " + name + " at step " + session.steps());
              }
            });
  }
}
