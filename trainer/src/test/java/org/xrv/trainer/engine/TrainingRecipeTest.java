package org.xrv.trainer.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xrv.converter.torchscript.Adam;
import org.xrv.converter.torchscript.Loss;
import org.xrv.converter.torchscript.MemoryLayout;
import org.xrv.converter.torchscript.Numerics;
import org.xrv.converter.torchscript.Precision;
import org.xrv.converter.torchscript.TrainingRecipe;
import org.xrv.core.architecture.Initialization;
import org.xrv.core.error.ProblemException;
import org.xrv.core.graph.Graph;
import org.xrv.core.graph.GraphBuilder;
import org.xrv.core.graph.Shape;
import org.xrv.core.random.KeyedRandom;
import org.xrv.core.tensor.FloatTensor;
import org.xrv.core.tensor.NamedTensors;

/** Batches cut into parts, several devices, clipped gradients, averaged weights. */
class TrainingRecipeTest {
  private static final Numerics NUMERICS =
      new Numerics(Precision.FLOAT32, MemoryLayout.CHANNELS_LAST);
  private static final Graph NETWORK = network();
  private static final NamedTensors FIRST = Initialization.PYTORCH.weights(NETWORK, 1);

  /** With this epsilon and one step, weights move in proportion to the gradient. */
  private static final Adam PLAIN = new Adam(0, 0, 1e6, 0, false, Map.of());

  private static Graph network() {
    GraphBuilder g = new GraphBuilder("normalized");
    String x = g.conv("conv1", g.input("x", 1, 32, 32), 8, 3, 2, 1);
    x = g.relu("relu", g.batchNorm("bn", x));
    return g.build(g.convTranspose("conv2", x, 1, 3, 2, 1, 1));
  }

  private static FloatTensor batch(int step) {
    KeyedRandom random = KeyedRandom.of(3, "batch " + step);
    float[] x = new float[4 * 32 * 32];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) random.nextDouble(-1024, 1024);
    }
    return new FloatTensor(Shape.of(4, 1, 32, 32), x);
  }

  private static NamedTensors weightsAfter(
      String devices, Graph graph, NamedTensors first, TrainingRecipe recipe, int steps) {
    try (DjlEngine engine = DjlEngine.open(new DeviceList(devices));
        TrainingSession session = engine.train(graph, first, recipe, NUMERICS)) {
      for (int i = 0; i < steps; i++) {
        session.step(batch(i), batch(i), 1e-3);
      }
      return session.weights();
    }
  }

  /**
   * Two devices, and three, which four parts do not fill, give what one gives that takes the parts
   * one after another.
   */
  @ParameterizedTest
  @ValueSource(strings = {"cpu,cpu", "cpu,cpu,cpu"})
  void shouldGiveTheSameBitsOnAnyNumberOfDevices(String devices) {
    TrainingRecipe recipe =
        TrainingRecipe.of(Loss.ELASTIC, Adam.PAPER).withParts(4).withAverageDecay(0.5);
    NamedTensors one = weightsAfter("cpu", NETWORK, FIRST, recipe, 2);
    NamedTensors several = weightsAfter(devices, NETWORK, FIRST, recipe, 2);
    one.tensors().forEach((name, t) -> assertArrayEquals(t.data(), several.get(name).data(), name));
  }

  /** Without BatchNorm, which is of each part, parts are only another order of summation. */
  @Test
  void shouldSumTheGradientsOfPartsToThatOfTheBatch() {
    GraphBuilder g = new GraphBuilder("plain");
    String x = g.relu("relu", g.conv("conv1", g.input("x", 1, 32, 32), 8, 3, 2, 1));
    Graph graph = g.build(g.convTranspose("conv2", x, 1, 3, 2, 1, 1));
    NamedTensors first = Initialization.PYTORCH.weights(graph, 1);
    TrainingRecipe whole = TrainingRecipe.of(Loss.ELASTIC, PLAIN);
    NamedTensors expected = weightsAfter("cpu", graph, first, whole, 1);
    for (String devices : new String[] {"cpu", "cpu,cpu"}) {
      NamedTensors actual = weightsAfter(devices, graph, first, whole.withParts(2), 1);
      for (String name : expected.names()) {
        float[] begun = first.get(name).data();
        float[] e = expected.get(name).data();
        float[] a = actual.get(name).data();
        double moved = 0;
        for (int i = 0; i < e.length; i++) {
          moved = Math.max(moved, Math.abs(e[i] - begun[i]));
        }
        assertTrue(moved > 1e-4, name + " moved by " + moved);
        assertArrayEquals(e, a, (float) (1e-3 * moved), name);
      }
    }
  }

  @Test
  void shouldRefuseABatchThatCannotBeCut() {
    TrainingRecipe recipe = TrainingRecipe.of(Loss.ELASTIC, Adam.PAPER).withParts(3);
    ProblemException e =
        assertThrows(ProblemException.class, () -> weightsAfter("cpu", NETWORK, FIRST, recipe, 1));
    assertTrue(e.getMessage().contains("4 images cannot be cut into 3"), e.getMessage());
  }

  @Test
  void shouldScaleALongGradientDown() {
    // Next to this epsilon no gradient counts: weights move by a millionth of theirs.
    TrainingRecipe free = TrainingRecipe.of(Loss.ELASTIC, new Adam(0, 0, 1e12, 0, false, Map.of()));
    try (DjlEngine engine = DjlEngine.open();
        TrainingSession session = engine.train(NETWORK, FIRST, free, NUMERICS)) {
      double norm = session.step(batch(0), batch(0), 1e6).gradientNorm();
      NamedTensors unclipped = session.weights();
      try (TrainingSession clipped =
          engine.train(NETWORK, FIRST, free.withClipNorm(norm / 4), NUMERICS)) {
        assertEquals(norm, clipped.step(batch(0), batch(0), 1e6).gradientNorm(), 1e-6 * norm);
        assertMoved(0.25, unclipped, clipped.weights());
      }
      try (TrainingSession longer =
          engine.train(NETWORK, FIRST, free.withClipNorm(2 * norm), NUMERICS)) {
        longer.step(batch(0), batch(0), 1e6);
        assertMoved(1, unclipped, longer.weights());
      }
    }
  }

  private static void assertMoved(double share, NamedTensors whole, NamedTensors part) {
    double dot = 0;
    double square = 0;
    for (var p : NETWORK.parameters().values()) {
      if (p.kind().trainable()) {
        float[] begun = FIRST.get(p.name()).data();
        for (int i = 0; i < begun.length; i++) {
          double w = (double) whole.get(p.name()).data()[i] - begun[i];
          dot += w * ((double) part.get(p.name()).data()[i] - begun[i]);
          square += w * w;
        }
      }
    }
    assertEquals(share, dot / square, 0.01);
  }

  /** Against an average kept in Java; it is what predictions use. */
  @Test
  void shouldAverageTheWeightsOfItsSteps() {
    TrainingRecipe plain = TrainingRecipe.of(Loss.ELASTIC, Adam.PAPER);
    String name = "conv2.weight";
    try (DjlEngine engine = DjlEngine.open();
        TrainingSession stepped = engine.train(NETWORK, FIRST, plain, NUMERICS);
        TrainingSession averaged =
            engine.train(NETWORK, FIRST, plain.withAverageDecay(0.3), NUMERICS)) {
      double[] expected = new double[FIRST.get(name).data().length];
      for (int i = 0; i < expected.length; i++) {
        expected[i] = FIRST.get(name).data()[i];
      }
      for (int step = 1; step <= 5; step++) {
        stepped.step(batch(step), batch(step), 0.1);
        averaged.step(batch(step), batch(step), 0.1);
        double stays = Math.min(0.3, (1.0 + step) / (10.0 + step));
        float[] now = stepped.weights().get(name).data();
        for (int i = 0; i < expected.length; i++) {
          expected[i] = stays * expected[i] + (1 - stays) * now[i];
        }
      }
      float[] actual = averaged.weights().get(name).data();
      for (int i = 0; i < expected.length; i++) {
        assertEquals(expected[i], actual[i], 1e-4 * Math.abs(expected[i]) + 1e-6);
      }
      try (TrainingSession other = engine.train(NETWORK, averaged.weights(), plain, NUMERICS)) {
        assertArrayEquals(other.predict(batch(9)).data(), averaged.predict(batch(9)).data());
      }
    }
  }

  /** A snapshot stays what it was while the session goes on. */
  @Test
  void shouldKeepASnapshotOfItsStep() {
    try (DjlEngine engine = DjlEngine.open();
        TrainingSession session =
            engine.train(NETWORK, FIRST, TrainingRecipe.of(Loss.ELASTIC, Adam.PAPER), NUMERICS)) {
      session.step(batch(0), batch(0), 1e-3);
      NamedTensors weights = session.weights();
      NamedTensors moments = session.optimizerState();
      try (Snapshot snapshot = session.snapshot()) {
        session.step(batch(1), batch(1), 1e-3);
        weights
            .tensors()
            .forEach((n, t) -> assertArrayEquals(t.data(), snapshot.weights().get(n).data(), n));
        NamedTensors kept = snapshot.optimizerState();
        moments.tensors().forEach((n, t) -> assertArrayEquals(t.data(), kept.get(n).data(), n));
      }
    }
  }
}
