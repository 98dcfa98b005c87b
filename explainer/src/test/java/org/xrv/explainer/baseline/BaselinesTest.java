package org.xrv.explainer.baseline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.xrv.converter.autodiff.ReluRule;
import org.xrv.converter.onnx.OnnxModel;
import org.xrv.converter.onnxruntime.OnnxRunner;
import org.xrv.core.error.ProblemException;
import org.xrv.core.graph.GraphBuilder;
import org.xrv.core.image.GrayImage;
import org.xrv.core.modelpackage.OutputKind;
import org.xrv.core.tensor.FloatTensor;
import org.xrv.core.tensor.NamedTensors;
import org.xrv.explainer.TinyModels;
import org.xrv.explainer.metric.MaskAgreement;
import org.xrv.explainer.model.LoadedClassifier;
import org.xrv.explainer.model.ModelFacts;

/** The baselines: on a linear classifier, where each is known, and on a real small network. */
class BaselinesTest {
  private static final int SIDE = 12;
  private static final int TARGET = 1;

  /** The weight of a pixel in the linear classifier: a square in the upper left counts. */
  private static float weight(int pixel) {
    int row = pixel / SIDE;
    int column = pixel % SIDE;
    return row >= 2 && row < 6 && column >= 2 && column < 6 ? 1e-3f * (1 + pixel % 3) : 0;
  }

  /** Two outputs that are probabilities as they are: half the first's weights, and all. */
  private static LoadedClassifier linear() {
    GraphBuilder b = new GraphBuilder("linear");
    String x = b.input("image", 1, SIDE, SIDE);
    String flat = b.node("flat", new org.xrv.core.graph.Op.Flatten(1), x);
    String out = b.linear("head", flat, 2);
    float[] weights = new float[2 * SIDE * SIDE];
    for (int i = 0; i < SIDE * SIDE; i++) {
      weights[i] = weight(i) / 2;
      weights[SIDE * SIDE + i] = weight(i);
    }
    return new LoadedClassifier(
        new ModelFacts("linear", "", Map.of()),
        new OnnxModel(
            b.build(out),
            new NamedTensors(
                Map.of(
                    "head.weight",
                    new FloatTensor(org.xrv.core.graph.Shape.of(2, SIDE * SIDE), weights),
                    "head.bias",
                    new FloatTensor(org.xrv.core.graph.Shape.of(2), new float[] {0.25f, 0.5f})))),
        List.of("Half", "All"),
        OutputKind.PROBABILITIES,
        List.of());
  }

  private static GrayImage ramp() {
    float[] pixels = new float[SIDE * SIDE];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = 1 + (i * 7) % 11;
    }
    return new GrayImage(SIDE, SIDE, pixels);
  }

  private static BaselineMap onLinear(BaselineMethod method) {
    try (ClassifierProbe probe = new ClassifierProbe(linear(), 1)) {
      return method.of(probe, ramp(), TARGET);
    }
  }

  private static float[] expected(java.util.function.IntToDoubleFunction value) {
    float[] all = new float[SIDE * SIDE];
    for (int i = 0; i < all.length; i++) {
      all[i] = (float) value.applyAsDouble(i);
    }
    return all;
  }

  @Test
  void gradientsOfALinearClassifierShouldBeItsWeights() {
    for (BaselineMethod method :
        List.of(
            new InputGradient(ReluRule.EXACT),
            new InputGradient(ReluRule.GUIDED),
            new SmoothGrad(20, 0.2, 3))) {
      BaselineMap m = onLinear(method);
      assertArrayEquals(expected(BaselinesTest::weight), m.map().pixels(), 1e-7f, method.title());
      assertTrue(m.completenessError().isEmpty());
    }
  }

  @Test
  void integratedGradientsOfALinearClassifierShouldBeItsTerms() {
    BaselineMap m = onLinear(new IntegratedGradients(5));
    assertArrayEquals(expected(i -> weight(i) * ramp().pixels()[i]), m.map().pixels(), 1e-6f);
    assertEquals(0, m.completenessError().getAsDouble(), 1e-6);
    double sum = 0.5;
    for (int i = 0; i < SIDE * SIDE; i++) {
      sum += weight(i) * ramp().pixels()[i];
    }
    assertEquals(sum, m.prediction(), 1e-6);
  }

  /** Every square, by hand. */
  @Test
  void occlusionShouldBeTheMeanFallOverTheSquaresThatCoverAPixel() {
    int side = 5;
    int[] starts = {0, 3, 6, 7}; // every third, and the last one where the image ends
    BaselineMap m = onLinear(new Occlusion(side, 3));
    for (int r = 0; r < SIDE; r++) {
      for (int c = 0; c < SIDE; c++) {
        double sum = 0;
        int covers = 0;
        for (int top : starts) {
          for (int left : starts) {
            if (r >= top && r < top + side && c >= left && c < left + side) {
              covers++;
              for (int y = top; y < top + side; y++) {
                for (int x = left; x < left + side; x++) {
                  sum += weight(y * SIDE + x) * ramp().pixels()[y * SIDE + x];
                }
              }
            }
          }
        }
        assertEquals(sum / covers, m.map().pixels()[r * SIDE + c], 1e-6, r + ", " + c);
      }
    }
  }

  @Test
  void riseShouldFindTheSquareThatCounts() {
    GrayImage mask = new GrayImage(SIDE, SIDE, expected(i -> weight(i) > 0 ? 1 : 0));
    BaselineMap few = onLinear(new Rise(40, 6, 0.5, 1));
    BaselineMap many = onLinear(new Rise(6000, 6, 0.5, 1));
    double found = MaskAgreement.of(many.map(), mask).iou();
    assertTrue(found > 0.5, "IoU " + found);
    assertTrue(found >= MaskAgreement.of(few.map(), mask).iou());
    assertArrayEquals(
        few.map().pixels(), onLinear(new Rise(40, 6, 0.5, 1)).map().pixels(), "same seed");
    // With a constant prediction p, the map is p times the share of masks that show the pixel.
    double mean = 0;
    for (float v : onLinear(new Rise(2000, 6, 0.5, 7)).map().pixels()) {
      mean += v / (SIDE * SIDE);
    }
    assertEquals(0.5 + (many.prediction() - 0.5) / 2, mean, 0.02);
  }

  @Test
  void controlsShouldNotDependOnTheClassifier() {
    BaselineMap centre = onLinear(Control.CENTRE);
    float[] p = centre.map().pixels();
    assertEquals(p[0], p[SIDE * SIDE - 1], 1e-7);
    for (int i = 0; i < p.length; i++) {
      assertTrue(p[i] <= p[SIDE / 2 * SIDE + SIDE / 2]);
    }
    assertArrayEquals(
        onLinear(Control.RANDOM).map().pixels(), onLinear(Control.RANDOM).map().pixels());
  }

  /**
   * Two of the 2048 pixel values: few of the ReLUs in between switch, and floats show the
   * difference.
   */
  @Test
  void gradientOfANetworkShouldFitCentralDifferences() {
    try (ClassifierProbe probe = new ClassifierProbe(mild(List.of()), 1)) {
      GrayImage image = TinyModels.phantom(32, 0).image();
      float[] g = new InputGradient(ReluRule.EXACT).of(probe, image, TARGET).map().pixels();
      double largest = 0;
      for (float v : g) {
        largest = Math.max(largest, v);
      }
      assertTrue(largest > 1e-6, "a gradient that floats can show: " + largest);
      for (int i = 5; i < g.length; i += 97) {
        int at = i;
        double[] ends = probe.predictions(2, n -> moved(image, at, n == 0 ? -1 : 1), TARGET);
        assertEquals(Math.abs(ends[1] - ends[0]) / 2, g[i], 0.08 * largest, "pixel " + i);
      }
    }
  }

  /** The tiny network with a weaker last layer: its predictions are neither 0 nor 1. */
  private static LoadedClassifier mild(List<Double> points) {
    LoadedClassifier c = TinyModels.classifier(32, OutputKind.LOGITS, points);
    Map<String, FloatTensor> weights = new HashMap<>(c.model().weights().tensors());
    float[] head = weights.get("classifier.weight").data().clone();
    for (int i = 0; i < head.length; i++) {
      head[i] *= 0.02f;
    }
    weights.computeIfPresent("classifier.weight", (n, t) -> new FloatTensor(t.shape(), head));
    return new LoadedClassifier(
        c.facts(),
        new OnnxModel(c.model().graph(), new NamedTensors(weights)),
        c.targets(),
        c.outputs(),
        c.operatingPoints());
  }

  private static float[] moved(GrayImage image, int at, float by) {
    float[] pixels = image.pixels().clone();
    pixels[at] += by;
    return pixels;
  }

  @Test
  void integratedGradientsOfANetworkShouldAddUp() {
    try (ClassifierProbe probe = new ClassifierProbe(mild(List.of(0.5, 0.4, 0.6)), 1)) {
      GrayImage image = TinyModels.phantom(32, 0).image();
      BaselineMap few = new IntegratedGradients(3).of(probe, image, TARGET);
      BaselineMap many = IntegratedGradients.PAPER.of(probe, image, TARGET);
      double moved =
          Math.abs(many.prediction() - probe.predictions(1, n -> new float[32 * 32], TARGET)[0]);
      assertTrue(many.completenessError().getAsDouble() < 0.02 * moved, many.toString());
      assertTrue(
          many.completenessError().getAsDouble() < few.completenessError().getAsDouble(),
          few.completenessError() + " with 3 steps");
    }
  }

  @Test
  void quadratureShouldBeExactForPolynomials() {
    for (int n : new int[] {1, 2, 5, 100}) {
      GaussLegendre rule = GaussLegendre.unit(n);
      for (int power : new int[] {0, 1, 2 * n - 1}) {
        double sum = 0;
        for (int i = 0; i < rule.size(); i++) {
          sum += rule.weight(i) * Math.pow(rule.node(i), power);
          assertTrue(i == 0 || rule.node(i) > rule.node(i - 1));
        }
        assertEquals(1.0 / (power + 1), sum, 1e-14, n + " nodes, x^" + power);
      }
    }
  }

  @Test
  void probeShouldCloseItsSessions() {
    int before = OnnxRunner.openCount();
    ClassifierProbe probe = new ClassifierProbe(linear(), 1);
    new InputGradient(ReluRule.EXACT).of(probe, ramp(), TARGET);
    new InputGradient(ReluRule.GUIDED).of(probe, ramp(), TARGET);
    Control.CENTRE.of(probe, ramp(), TARGET);
    assertEquals(before + 3, OnnxRunner.openCount());
    probe.close();
    probe.close();
    assertEquals(before, OnnxRunner.openCount());
  }

  @Test
  void shouldRefuseWhatMakesNoMap() {
    assertThrows(IllegalArgumentException.class, () -> new IntegratedGradients(0));
    assertThrows(IllegalArgumentException.class, () -> new Occlusion(4, 5));
    assertThrows(IllegalArgumentException.class, () -> new Rise(10, 1, 0.5, 1));
    assertThrows(IllegalArgumentException.class, () -> new SmoothGrad(10, 0, 1));
    GrayImage broken = new GrayImage(SIDE, SIDE, expected(i -> i == 30 ? Double.NaN : 0));
    try (ClassifierProbe probe = new ClassifierProbe(linear(), 1)) {
      assertThrows(ProblemException.class, () -> Control.CENTRE.of(probe, broken, TARGET));
      assertThrows(
          IllegalArgumentException.class,
          () -> Control.CENTRE.of(probe, new GrayImage(4, 4, new float[16]), TARGET));
    }
  }
}
