package org.xrv.trainer.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xrv.converter.torchscript.Adam;
import org.xrv.converter.torchscript.Loss;
import org.xrv.converter.torchscript.MemoryLayout;
import org.xrv.converter.torchscript.Numerics;
import org.xrv.converter.torchscript.Precision;
import org.xrv.core.architecture.Initialization;
import org.xrv.core.architecture.LatentShape;
import org.xrv.core.architecture.ResNetAutoencoder;
import org.xrv.core.graph.Graph;
import org.xrv.core.graph.GraphBuilder;
import org.xrv.core.graph.Shape;
import org.xrv.core.random.KeyedRandom;
import org.xrv.core.tensor.FloatTensor;
import org.xrv.core.tensor.NamedTensors;
import org.xrv.trainer.config.LossName;

/**
 * Training on small networks: it learns, it can be put back bit for bit, and it keeps no memory.
 */
class DjlTrainingSessionTest {
  private static final Graph NETWORK =
      new ResNetAutoencoder(50, new LatentShape(32, 2), 0.125, 32).autoencoder();
  private static final NamedTensors FIRST = new Initialization(1024, 0.2).weights(NETWORK, 1);
  private static final Adam ADAM =
      Adam.PAPER.withLearningRateScale(Map.of(ResNetAutoencoder.HEAD_WEIGHT, 1024.0));
  private final DjlEngine engine = DjlEngine.open();

  @AfterEach
  void close() {
    engine.close();
  }

  private static FloatTensor batch(int step) {
    KeyedRandom random = KeyedRandom.of(5, "batch " + step);
    float[] x = new float[4 * 32 * 32];
    for (int n = 0; n < 4; n++) {
      double edge = random.nextDouble(8, 24);
      for (int i = 0; i < 32 * 32; i++) {
        x[n * 32 * 32 + i] = i % 32 < edge ? -600 : 600;
      }
    }
    return new FloatTensor(Shape.of(4, 1, 32, 32), x);
  }

  @Test
  void shouldLearn() {
    try (TrainingSession session = engine.train(NETWORK, FIRST, Loss.ELASTIC, ADAM)) {
      double first = session.step(batch(0), batch(0), 1e-3).loss();
      double last = 0;
      for (int i = 1; i < 60; i++) {
        last = session.step(batch(i), batch(i), 1e-3).loss();
      }
      assertTrue(last < first / 4, first + " to " + last);
    }
  }

  /**
   * Gradients in bfloat16, whose numbers have 8 significant bits, point where float32's do; of a
   * shallow network, since the roundings of a deep one at its first weights pile up (to a cosine of
   * 0.89 at depth 50). After one step the first moment is a tenth of the gradient.
   */
  @ParameterizedTest
  @EnumSource(MemoryLayout.class)
  void shouldStepInBfloat16AsInFloat32(MemoryLayout layout) {
    GraphBuilder g = new GraphBuilder("shallow");
    String x = g.conv("conv1", g.input("x", 1, 32, 32), 16, 3, 2, 1);
    x = g.relu("relu", g.batchNorm("bn", x));
    Graph graph = g.build(g.convTranspose("conv2", x, 1, 3, 2, 1, 1));
    NamedTensors first = new Initialization(1024, 1).weights(graph, 1);
    NamedTensors exact;
    double loss;
    try (TrainingSession session = engine.train(graph, first, Loss.ELASTIC, Adam.PAPER)) {
      loss = session.step(batch(0), batch(0), 1e-3).loss();
      exact = session.optimizerState();
    }
    Numerics numerics = new Numerics(Precision.BFLOAT16, layout);
    try (TrainingSession session = engine.train(graph, first, Loss.ELASTIC, Adam.PAPER, numerics)) {
      assertEquals(loss, session.step(batch(0), batch(0), 1e-3).loss(), 0.01 * loss);
      NamedTensors state = session.optimizerState();
      double dot = 0;
      double one = 0;
      double other = 0;
      for (String name : exact.tensors().keySet()) {
        if (name.startsWith("exp_avg/")) {
          float[] a = exact.get(name).data();
          float[] b = state.get(name).data();
          for (int i = 0; i < a.length; i++) {
            dot += (double) a[i] * b[i];
            one += (double) a[i] * a[i];
            other += (double) b[i] * b[i];
          }
        }
      }
      double cosine = dot / Math.sqrt(one * other);
      assertTrue(cosine > 0.999, "cosine " + cosine);
      FloatTensor out = session.predict(batch(1));
      assertEquals(batch(1).shape(), out.shape());
    }
  }

  @ParameterizedTest
  @CsvSource({"FLOAT32, CHANNELS_LAST", "BFLOAT16, CHANNELS_LAST", "BFLOAT16, CONTIGUOUS"})
  void shouldGiveBackWhatItWasGiven(Precision precision, MemoryLayout layout) {
    Numerics numerics = new Numerics(precision, layout);
    NamedTensors moments;
    NamedTensors weights;
    try (TrainingSession session = engine.train(NETWORK, FIRST, Loss.ELASTIC, ADAM, numerics)) {
      assertSame(FIRST, session.weights());
      session.step(batch(0), batch(0), 1e-3);
      weights = session.weights();
      moments = session.optimizerState();
    }
    try (TrainingSession session = engine.train(NETWORK, FIRST, Loss.ELASTIC, ADAM, numerics)) {
      session.restore(weights, moments, 1);
      assertSame(weights, session.weights());
      assertSame(moments, session.optimizerState());
    }
  }

  /** On processors with AVX2 only, the library's own gradient is wrong there or never comes. */
  @ParameterizedTest
  @ValueSource(ints = {1, 4, 5, 8})
  void shouldHaveTheSameGradientInBothLayoutsWhereStridesLeaveOutPixels(int channels) {
    GraphBuilder b = new GraphBuilder("strided");
    String x = b.conv("first", b.input("x", 1, 32, 32), channels, 3, 1, 1);
    String low = b.conv("down", x, 8, 1, 2, 0);
    Graph graph = b.build(b.convTranspose("up", low, channels, 1, 2, 0, 1));
    NamedTensors weights = new Initialization(1, 1).weights(graph, 1);
    KeyedRandom random = KeyedRandom.of(1, "strided");
    FloatTensor images = noise(random, Shape.of(4, 1, 32, 32));
    FloatTensor target = noise(random, Shape.of(4, channels, 32, 32));
    List<NamedTensors> moments = new ArrayList<>();
    for (MemoryLayout layout : MemoryLayout.values()) {
      Numerics numerics = new Numerics(Precision.FLOAT32, layout);
      try (TrainingSession session = engine.train(graph, weights, Loss.MSE, Adam.PAPER, numerics)) {
        session.step(images, target, 1e-3);
        moments.add(session.optimizerState());
      }
    }
    moments
        .get(0)
        .tensors()
        .forEach(
            (name, t) -> {
              float[] other = moments.get(1).get(name).data();
              double scale = 1e-20;
              for (float v : t.data()) {
                scale = Math.max(scale, Math.abs(v));
              }
              for (int i = 0; i < other.length; i++) {
                assertEquals(t.data()[i], other[i], 1e-4 * scale, name);
              }
            });
  }

  private static FloatTensor noise(KeyedRandom random, Shape shape) {
    FloatTensor noise = FloatTensor.zeros(shape);
    for (int i = 0; i < noise.data().length; i++) {
      noise.data()[i] = (float) random.nextDouble(-1, 1);
    }
    return noise;
  }

  private static void assertSame(NamedTensors expected, NamedTensors actual) {
    assertEquals(expected.tensors().keySet(), actual.tensors().keySet());
    expected
        .tensors()
        .forEach((name, t) -> assertArrayEquals(t.data(), actual.get(name).data(), name));
  }

  @ParameterizedTest
  @EnumSource(MemoryLayout.class)
  void shouldGoOnBitForBitWhereItWasSaved(MemoryLayout layout) {
    Numerics numerics = new Numerics(Precision.FLOAT32, layout);
    NamedTensors weights;
    NamedTensors moments;
    NamedTensors expected;
    try (TrainingSession session = engine.train(NETWORK, FIRST, Loss.ELASTIC, ADAM, numerics)) {
      for (int i = 0; i < 4; i++) {
        session.step(batch(i), batch(i), 1e-3);
      }
      weights = session.weights();
      moments = session.optimizerState();
      session.step(batch(4), batch(4), 1e-3);
      session.step(batch(5), batch(5), 5e-4);
      expected = session.weights();
    }
    try (TrainingSession session = engine.train(NETWORK, FIRST, Loss.ELASTIC, ADAM, numerics)) {
      session.restore(weights, moments, 4);
      session.step(batch(4), batch(4), 1e-3);
      session.step(batch(5), batch(5), 5e-4);
      assertEquals(6, session.steps());
      expected
          .tensors()
          .forEach(
              (name, t) -> assertArrayEquals(t.data(), session.weights().get(name).data(), name));
    }
  }

  @ParameterizedTest
  @CsvSource({"ELASTIC,14", "MSE,10", "MAE,4", "HUBER,3"})
  void shouldComputeTheLossOfItsName(LossName name, double expected) {
    Loss loss =
        switch (name) {
          case ELASTIC -> Loss.ELASTIC;
          case MSE -> Loss.MSE;
          case MAE -> Loss.MAE;
          case HUBER -> Loss.huber(1); // 1/2 and 3 - 1/2
          case BCE -> Loss.BINARY_CROSS_ENTROPY;
        };
    GraphBuilder b = new GraphBuilder("linear");
    Graph graph = b.build(b.linear("layer", b.input("x", 1), 1));
    NamedTensors weights =
        new NamedTensors(
            Map.of(
                "layer.weight",
                FloatTensor.filled(Shape.of(1, 1), 2),
                "layer.bias",
                FloatTensor.filled(Shape.of(1), 0)));
    try (TrainingSession session = engine.train(graph, weights, loss, Adam.PAPER)) {
      // Outputs 2 and 4, targets 1 and 7: differences 1 and -3.
      assertEquals(expected, session.step(column(1, 2), column(1, 7), 1e-3).loss(), 1e-6);
    }
  }

  @Test
  void shouldCountNothingForAnUnknownLabel() {
    GraphBuilder b = new GraphBuilder("linear");
    Graph graph = b.build(b.linear("layer", b.input("x", 1), 1));
    NamedTensors weights =
        new NamedTensors(
            Map.of(
                "layer.weight",
                FloatTensor.filled(Shape.of(1, 1), 1),
                "layer.bias",
                FloatTensor.filled(Shape.of(1), 0)));
    try (TrainingSession session =
        engine.train(graph, weights, Loss.BINARY_CROSS_ENTROPY, Adam.PAPER)) {
      double expected = Math.log1p(Math.exp(-2));
      assertEquals(expected, session.step(column(2, 50), column(1, Float.NaN), 1e-3).loss(), 1e-6);
      assertTrue(
          session.weights().tensors().values().stream().allMatch(t -> Float.isFinite(t.data()[0])));
    }
  }

  @Test
  void shouldKeepNoMemoryOverHundredsOfSteps() throws Exception {
    try (TrainingSession session = engine.train(NETWORK, FIRST, Loss.ELASTIC, ADAM)) {
      for (int i = 0; i < 50; i++) {
        session.step(batch(i), batch(i), 1e-4);
      }
      // What the heap commits and what of it is resident differ by tens of megabytes at times; a
      // leak shows in every hundred steps.
      long least = Long.MAX_VALUE;
      for (int hundred = 0; hundred < 3; hundred++) {
        long before = nativeKilobytes();
        for (int i = 0; i < 100; i++) {
          session.step(batch(i), batch(i), 1e-4);
        }
        least = Math.min(least, nativeKilobytes() - before);
      }
      // The weights alone are 0.4 MB, the activations of a step some 10 MB.
      assertTrue(least < 10_000, "grew by " + least + " kB in each hundred steps");
    }
  }

  @Test
  void shouldGiveItsMemoryBackWhenClosed() throws Exception {
    int side = 1500;
    GraphBuilder b = new GraphBuilder("wide");
    Graph graph = b.build(b.linear("layer", b.input("x", side), side));
    NamedTensors weights =
        new NamedTensors(
            Map.of(
                "layer.weight",
                FloatTensor.filled(Shape.of(side, side), 0),
                "layer.bias",
                FloatTensor.filled(Shape.of(side), 0)));
    FloatTensor x = FloatTensor.filled(Shape.of(1, side), 1);
    long first = 0;
    for (int i = 0; i < 12; i++) {
      try (TrainingSession session = engine.train(graph, weights, Loss.ELASTIC, Adam.PAPER)) {
        session.step(x, x, 1e-4);
      }
      if (i == 1) {
        first = nativeKilobytes();
      }
    }
    // A session holds 9 MB of weights and at least two moments of the same size.
    long grown = nativeKilobytes() - first;
    assertTrue(grown < 100_000, "ten sessions of 27 MB, and " + grown + " kB more after them");
  }

  /**
   * Resident memory without the Java heap, which the collector resizes by 100 MB as it likes; after
   * a collection what is committed of it is resident.
   */
  private static long nativeKilobytes() throws java.io.IOException {
    System.gc();
    var heap = java.lang.management.ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
    return residentKilobytes() - heap.getCommitted() / 1024;
  }

  private static long residentKilobytes() throws java.io.IOException {
    Path status = Path.of("/proc/self/status");
    org.junit.jupiter.api.Assumptions.assumeTrue(Files.exists(status), "memory is read from /proc");
    String line =
        Files.readAllLines(status).stream()
            .filter(l -> l.startsWith("VmRSS:"))
            .findFirst()
            .orElseThrow();
    return Long.parseLong(line.replaceAll("\\D", ""));
  }

  private static FloatTensor column(float... values) {
    return new FloatTensor(Shape.of(values.length, 1), List.of(values).get(0));
  }
}
