package org.xrv.trainer.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xrv.converter.torchscript.Adam;
import org.xrv.converter.torchscript.Loss;
import org.xrv.converter.torchscript.Precision;
import org.xrv.converter.torchscript.StructuralSimilarity;
import org.xrv.core.graph.Graph;
import org.xrv.core.graph.GraphBuilder;
import org.xrv.core.graph.Shape;
import org.xrv.core.random.KeyedRandom;
import org.xrv.core.tensor.FloatTensor;
import org.xrv.core.tensor.NamedTensors;

/** MS-SSIM in the loss against plain loops over windows, and its gradient against differences. */
class StructuralLossTest {
  private static FloatTensor images(String key, int side, double noise) {
    KeyedRandom random = KeyedRandom.of(11, key);
    float[] pixels = new float[2 * side * side];
    for (int i = 0; i < pixels.length; i++) {
      int row = i / side;
      double wave = 600 * Math.sin(0.13 * (i % side) + 0.002 * row);
      pixels[i] = (float) (wave + random.nextDouble(-noise, noise));
    }
    return new FloatTensor(Shape.of(2, 1, side, side), pixels);
  }

  /** Wang, Simoncelli and Bovik 2003, equation 7, in doubles, window by window. */
  private static double similarity(float[] x, float[] t, int offset, int side) {
    List<Double> exponents = StructuralSimilarity.exponents(side);
    double[] a = shifted(x, offset, side);
    double[] b = shifted(t, offset, side);
    double product = 1;
    int n = side;
    for (int scale = 0; scale < exponents.size(); scale++) {
      double[] means = means(a, b, n);
      boolean last = scale == exponents.size() - 1;
      product *= Math.pow(Math.max(means[last ? 1 : 0], 1e-6), exponents.get(scale));
      a = halved(a, n);
      b = halved(b, n);
      n /= 2;
    }
    return product;
  }

  private static double[] shifted(float[] pixels, int offset, int side) {
    double[] shifted = new double[side * side];
    for (int i = 0; i < shifted.length; i++) {
      shifted[i] = pixels[offset + i] + 1024.0;
    }
    return shifted;
  }

  /** The means of contrast times structure, and of that times luminance. */
  private static double[] means(double[] a, double[] b, int n) {
    double[] w = StructuralSimilarity.window();
    double contrast = 0;
    double whole = 0;
    int places = (n - 10) * (n - 10);
    for (int row = 0; row + 11 <= n; row++) {
      for (int column = 0; column + 11 <= n; column++) {
        double ma = 0;
        double mb = 0;
        double aa = 0;
        double bb = 0;
        double ab = 0;
        for (int i = 0; i < 11; i++) {
          for (int j = 0; j < 11; j++) {
            double weight = w[i] * w[j];
            double p = a[(row + i) * n + column + j];
            double q = b[(row + i) * n + column + j];
            ma += weight * p;
            mb += weight * q;
            aa += weight * p * p;
            bb += weight * q * q;
            ab += weight * p * q;
          }
        }
        double c1 = StructuralSimilarity.C1;
        double c2 = StructuralSimilarity.C2;
        double cs = (2 * (ab - ma * mb) + c2) / (aa - ma * ma + bb - mb * mb + c2);
        contrast += cs;
        whole += cs * (2 * ma * mb + c1) / (ma * ma + mb * mb + c1);
      }
    }
    return new double[] {contrast / places, whole / places};
  }

  private static double[] halved(double[] image, int n) {
    int half = n / 2;
    double[] small = new double[half * half];
    for (int i = 0; i < half; i++) {
      for (int j = 0; j < half; j++) {
        int at = 2 * i * n + 2 * j;
        small[i * half + j] = (image[at] + image[at + 1] + image[at + n] + image[at + n + 1]) / 4;
      }
    }
    return small;
  }

  private static double expected(FloatTensor x, FloatTensor t, int side) {
    double loss = 0;
    for (int n = 0; n < 2; n++) {
      loss += 1 - similarity(x.data(), t.data(), n * side * side, side);
    }
    return loss * side * side;
  }

  /** An image times a number, which is the only weight. */
  private static Graph gain(int side) {
    GraphBuilder b = new GraphBuilder("gain");
    String x = b.input("x", 1, side, side);
    return b.build(b.conv("gain", x, 1, 1, 1, 0));
  }

  private static double[] lossAndMoment(int side, double gain, FloatTensor x, FloatTensor t) {
    Graph graph = gain(side);
    NamedTensors weights =
        new NamedTensors(
            Map.of("gain.weight", FloatTensor.filled(Shape.of(1, 1, 1, 1), (float) gain)));
    Loss loss = new Loss.Pixels(0, 0, 0, 1, 1);
    try (DjlEngine engine = DjlEngine.open(Precision.FLOAT64);
        TrainingSession session =
            engine.train(graph, weights, loss, new Adam(0.9, 0.9, 1, 0, false, Map.of()))) {
      double value = session.step(x, t, 1e-3).loss();
      return new double[] {
        value, 10 * session.optimizerState().get("exp_avg/gain.weight").data()[0]
      };
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {16, 32, 50, 180})
  void shouldEqualPlainLoops(int side) {
    FloatTensor x = images("x", side, 200);
    FloatTensor t = images("t", side, 300);
    double e = expected(x, t, side);
    // PyTorch makes constants of lists, here the window, in float32 first.
    assertEquals(e, lossAndMoment(side, 1, x, t)[0], 1e-6 * e);
    assertEquals(0, lossAndMoment(side, 1, x, x)[0], 1e-6, "of an image and itself");
  }

  @Test
  void shouldHaveTheGradientThatDifferencesHave() {
    int side = 48;
    FloatTensor x = images("x", side, 200);
    FloatTensor t = images("t", side, 300);
    double step = 1.0 / 1024; // exact in float32
    double slope =
        (lossAndMoment(side, 1 + step, x, t)[0] - lossAndMoment(side, 1 - step, x, t)[0])
            / (2 * step);
    assertEquals(slope, lossAndMoment(side, 1, x, t)[1], 1e-4 * Math.abs(slope));
  }

  @Test
  void shouldHaveFewerScalesForSmallImages() {
    assertEquals(5, StructuralSimilarity.exponents(224).size());
    assertEquals(4, StructuralSimilarity.exponents(96).size());
    assertEquals(List.of(1.0), StructuralSimilarity.exponents(11));
    assertThrows(IllegalArgumentException.class, () -> StructuralSimilarity.exponents(10));
  }
}
