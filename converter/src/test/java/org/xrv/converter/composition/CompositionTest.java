package org.xrv.converter.composition;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xrv.converter.autodiff.ReluRule;
import org.xrv.converter.onnx.OnnxModel;
import org.xrv.converter.onnx.OnnxWriter;
import org.xrv.converter.onnxruntime.OnnxRunner;
import org.xrv.core.error.ProblemException;
import org.xrv.core.graph.GraphBuilder;
import org.xrv.core.graph.Op;
import org.xrv.core.graph.ParameterKind;
import org.xrv.core.graph.Shape;
import org.xrv.core.modelpackage.OutputKind;
import org.xrv.core.random.KeyedRandom;
import org.xrv.core.tensor.FloatTensor;

/** The joined graph against its parts run one by one, and targets against each other. */
class CompositionTest {
  private static FloatTensor random(String name, Shape shape) {
    FloatTensor t = FloatTensor.zeros(shape);
    KeyedRandom random = KeyedRandom.of(5, name);
    for (int i = 0; i < t.data().length; i++) {
      t.data()[i] = (float) random.nextGaussian();
    }
    return t;
  }

  private static Map<String, FloatTensor> run(
      OnnxModel model, Map<String, FloatTensor> inputs, Map<String, long[]> indices) {
    byte[] bytes = OnnxWriter.bytes(model.graph(), model.weights());
    try (OnnxRunner runner = OnnxRunner.open(model.graph().name(), bytes, 1)) {
      return runner.run(inputs, indices);
    }
  }

  private static FloatTensor only(OnnxModel model, FloatTensor x) {
    return run(model, Map.of(model.graph().input().name(), x), Map.of())
        .get(model.graph().output());
  }

  /** Bilinear by its definition, at the centre of each new pixel; growing only. */
  private static double bilinear(FloatTensor image, int n, double row, double column) {
    int side = image.shape().dim(2);
    double total = 0;
    for (int i = 0; i < side; i++) {
      for (int j = 0; j < side; j++) {
        double weight =
            Math.max(0, 1 - Math.abs(i - Math.min(Math.max(row, 0), side - 1.0)))
                * Math.max(0, 1 - Math.abs(j - Math.min(Math.max(column, 0), side - 1.0)));
        total += weight * image.data()[(n * side + i) * side + j];
      }
    }
    return total;
  }

  @Test
  void shouldAdaptRangeResolutionAndChannels() {
    OnnxModel decoder = SmallNetworks.decoder();
    OnnxModel classifier = SmallNetworks.classifier(3, 48);
    OnnxModel joined =
        Composition.of(decoder, PixelRange.XRV, classifier, new PixelRange(0, 1)).forward();
    FloatTensor z = random("z", Shape.of(2, 16, 1, 1));
    FloatTensor image = only(decoder, z);
    FloatTensor adapted = FloatTensor.zeros(Shape.of(2, 3, 48, 48));
    for (int i = 0; i < adapted.data().length; i++) {
      double row = ((i / 48) % 48 + 0.5) * SmallNetworks.SIDE / 48 - 0.5;
      double column = (i % 48 + 0.5) * SmallNetworks.SIDE / 48 - 0.5;
      double pixel = bilinear(image, i / (3 * 48 * 48), row, column);
      adapted.data()[i] = (float) ((pixel + 1024) / 2048);
    }
    Map<String, FloatTensor> actual = run(joined, Map.of(Composition.Z, z), Map.of());
    assertArrayEquals(image.data(), actual.get(Composition.X0).data(), 1e-3f);
    assertArrayEquals(
        only(classifier, adapted).data(), actual.get(Composition.OUTPUTS).data(), 1e-5f);
  }

  @ParameterizedTest
  @CsvSource({"32, 32", "32, 48", "48, 32", "32, 7", "5, 300"})
  void rowsOfTheResamplingShouldSumToOne(int from, int to) {
    FloatTensor m = Resampling.matrix(from, to);
    assertEquals(Shape.of(to, from), m.shape());
    double middle = 0;
    for (int row = 0; row < to; row++) {
      double sum = 0;
      for (int i = 0; i < from; i++) {
        assertTrue(m.data()[row * from + i] >= 0);
        sum += m.data()[row * from + i];
        middle += m.data()[row * from + i] * (i + 0.5 - from / 2.0);
      }
      assertEquals(1, sum, 1e-6);
    }
    assertEquals(0, middle, 1e-3, "it moves the picture");
  }

  @Test
  void shouldAverageThreeChannels() {
    GraphBuilder b = new GraphBuilder("coloured");
    String y =
        b.node(
            "y",
            new Op.Mul(),
            b.input("z", 3, 32, 32),
            b.parameter("w", ParameterKind.CONV_WEIGHT, 3, 1, 1));
    OnnxModel decoder = SmallNetworks.model(b.build(y));
    OnnxModel classifier = SmallNetworks.classifier(1, 32);
    FloatTensor z = random("colours", Shape.of(1, 3, 32, 32));
    float[] w = decoder.weights().get("w").data();
    FloatTensor gray = FloatTensor.zeros(Shape.of(1, 1, 32, 32));
    for (int i = 0; i < 32 * 32; i++) {
      for (int c = 0; c < 3; c++) {
        gray.data()[i] += w[c] * z.data()[c * 32 * 32 + i] / 3;
      }
    }
    Composition joined = Composition.of(decoder, PixelRange.XRV, classifier, PixelRange.XRV);
    assertArrayEquals(
        only(classifier, gray).data(),
        run(joined.forward(), Map.of("z", z), Map.of()).get(Composition.OUTPUTS).data(),
        1e-5f);
  }

  @Test
  void eachSampleShouldHaveItsOwnTarget() {
    Composition composition = Composition.of(SmallNetworks.classifier(1, 32));
    Prediction prediction = new Prediction(3, OutputKind.LOGITS, List.of(0.5, 0.2, 0.7));
    OnnxModel chosen = gradient(composition, prediction, new Target.Chosen());
    FloatTensor images = random("images", Shape.of(3, 1, 32, 32));
    Map<String, FloatTensor> together =
        run(chosen, Map.of("image", images), Map.of("target", new long[] {2, 0, -2}));
    int[] expected = {2, 0, 1};
    for (int n = 0; n < 3; n++) {
      FloatTensor image =
          new FloatTensor(
              Shape.of(1, 1, 32, 32),
              Arrays.copyOfRange(images.data(), n * 32 * 32, (n + 1) * 32 * 32));
      Map<String, FloatTensor> alone =
          run(
              gradient(composition, prediction, new Target.Fixed(expected[n])),
              Map.of("image", image),
              Map.of());
      float output = together.get(Composition.OUTPUT).data()[n];
      assertEquals(together.get(Composition.OUTPUTS).data()[n * 3 + expected[n]], output);
      assertEquals(alone.get(Composition.OUTPUT).data()[0], output, 1e-6);
      float p = together.get(Composition.PREDICTION).data()[n];
      assertEquals(prediction.of(output, expected[n]), p, 1e-6);
      assertEquals(alone.get(Composition.PREDICTION).data()[0], p, 1e-6);
      assertArrayEquals(
          alone.get("d_image").data(),
          Arrays.copyOfRange(together.get("d_image").data(), n * 32 * 32, (n + 1) * 32 * 32),
          1e-6f);
    }
  }

  @Test
  void oneTargetShouldServeAllSamplesAndUnknownOnesBeRefused() {
    Composition composition = Composition.of(SmallNetworks.classifier(1, 32));
    Prediction prediction = new Prediction(3, OutputKind.LOGITS, List.of());
    OnnxModel chosen = gradient(composition, prediction, new Target.Chosen());
    Map<String, FloatTensor> image = Map.of("image", random("two", Shape.of(2, 1, 32, 32)));
    assertArrayEquals(
        run(chosen, image, Map.of("target", new long[] {1, 1})).get("d_image").data(),
        run(chosen, image, Map.of("target", new long[] {1})).get("d_image").data());
    assertThrows(
        ProblemException.class, () -> run(chosen, image, Map.of("target", new long[] {0, 3})));
  }

  private static OnnxModel gradient(Composition c, Prediction prediction, Target target) {
    return c.gradient(prediction, target, Composition.Derived.PREDICTION, ReluRule.EXACT);
  }

  @Test
  void shouldRefuseWhatDoesNotFit() {
    OnnxModel decoder = SmallNetworks.decoder();
    GraphBuilder two = new GraphBuilder("two");
    String sum = two.node("s", new Op.Add(), two.input("a", 1, 8, 8), two.input("b", 1, 8, 8));
    problem("inputs [a [Nx1x8x8], b [Nx1x8x8]]", two.build(sum));
    GraphBuilder table = new GraphBuilder("table");
    problem(
        "takes [Nx5], which is no image", table.build(table.linear("l", table.input("x", 5), 2)));
    GraphBuilder map = new GraphBuilder("map");
    problem("gives [Nx2x8x8]", map.build(map.conv("c", map.input("x", 1, 8, 8), 2, 1, 1, 0)));
    GraphBuilder b = new GraphBuilder("four");
    OnnxModel four = SmallNetworks.model(b.build(b.conv("c", b.input("z", 2, 8, 8), 4, 1, 1, 0)));
    ProblemException e =
        assertThrows(
            ProblemException.class,
            () ->
                Composition.of(
                    four, PixelRange.XRV, SmallNetworks.classifier(1, 32), PixelRange.XRV));
    assertTrue(e.getMessage().contains("channels go from 1 to 3"), e.getMessage());
    assertEquals(
        16,
        Composition.of(decoder, PixelRange.XRV, SmallNetworks.classifier(1, 32), PixelRange.XRV)
            .forward()
            .graph()
            .input()
            .shape()
            .dim(1));
  }

  private static void problem(String expected, org.xrv.core.graph.Graph classifier) {
    ProblemException e =
        assertThrows(ProblemException.class, () -> Composition.of(SmallNetworks.model(classifier)));
    assertTrue(e.getMessage().contains(expected), e.getMessage());
  }
}
