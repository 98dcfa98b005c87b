package org.xrv.explainer.method;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.xrv.converter.composition.Prediction;
import org.xrv.converter.onnx.OnnxModel;
import org.xrv.core.architecture.DenseNet;
import org.xrv.core.architecture.LatentShape;
import org.xrv.core.architecture.ResNetAutoencoder;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.golden.GoldenNetworks;
import org.xrv.core.graph.Graph;
import org.xrv.core.image.GrayImage;
import org.xrv.core.modelpackage.OutputKind;
import org.xrv.core.tensor.FloatTensor;
import org.xrv.core.tensor.NamedTensors;
import org.xrv.explainer.TinyModels;
import org.xrv.explainer.model.LoadedAutoencoder;
import org.xrv.explainer.model.LoadedClassifier;
import org.xrv.explainer.model.ModelFacts;
import org.xrv.explainer.search.Frame;

/** The gradient is the derivative of the prediction, and frames move along it. */
class LatentShiftTest {
  @Test
  void gradientShouldBeTheDerivativeOfThePrediction() {
    for (List<Double> points : List.of(List.<Double>of(), List.of(0.1, 0.9, 0.3))) {
      LoadedClassifier classifier = TinyModels.classifier(32, OutputKind.LOGITS, points);
      try (LatentShift method = new LatentShift(TinyModels.autoencoder(32), classifier, 1)) {
        FloatTensor z = method.encode(TinyModels.phantom(32, 0).image());
        for (int target = 0; target < 3; target++) {
          double[] numeric = new double[z.data().length];
          double[] actual = new double[z.data().length];
          FloatTensor g = method.gradient(z, target).values();
          double step = 0.01 * norm(z) / Math.sqrt(z.data().length);
          for (int i = 0; i < numeric.length; i++) {
            FloatTensor axis = FloatTensor.zeros(z.shape());
            axis.data()[i] = 1;
            List<Frame> around = method.frames(z, axis, target).at(List.of(-step, step));
            numeric[i] = (around.get(1).prediction() - around.get(0).prediction()) / (2 * step);
            actual[i] = g.data()[i];
          }
          double cosine = cosine(actual, numeric);
          assertTrue(cosine > 0.99, "target " + target + ": cosine " + cosine);
          assertEquals(1, Math.sqrt(dot(actual, actual) / dot(numeric, numeric)), 0.05);
        }
      }
    }
  }

  @Test
  void predictionShouldRiseAlongTheGradientAndFallAgainstIt() {
    try (LatentShift method =
        new LatentShift(TinyModels.autoencoder(64), TinyModels.classifier(64), 1)) {
      for (int image = 0; image < 3; image++) {
        FloatTensor z = method.encode(TinyModels.phantom(64, image).image());
        FloatTensor g = method.gradient(z, 1).values();
        double unit = 0.02 * norm(z) / norm(g);
        List<Frame> frames =
            method.frames(z, g, 1).at(List.of(-2 * unit, -unit, 0.0, unit, 2 * unit));
        for (int i = 1; i < frames.size(); i++) {
          assertTrue(
              frames.get(i).prediction() > frames.get(i - 1).prediction(),
              "image "
                  + image
                  + " at "
                  + i
                  + ": "
                  + frames.stream().map(Frame::prediction).toList());
        }
      }
    }
  }

  @Test
  void aFrameShouldNotDependOnItsBatch() {
    try (LatentShift method =
        new LatentShift(TinyModels.autoencoder(32), TinyModels.classifier(32), 1)) {
      FloatTensor z = method.encode(TinyModels.phantom(32, 0).image());
      FloatTensor g = method.gradient(z, 0).values();
      List<Double> lambdas = List.of(-7.0, -6.0, -5.0, -4.0, -3.0, -2.0, -1.0);
      List<Frame> together = method.frames(z, g, 0).at(lambdas);
      for (int i = 0; i < lambdas.size(); i++) {
        Frame alone = method.frames(z, g, 0).at(List.of(lambdas.get(i))).get(0);
        assertEquals(alone.prediction(), together.get(i).prediction(), 1e-6);
        assertEquals(0, alone.distance(together.get(i)) / (32 * 32), 1e-3);
      }
      // The prediction of a frame is the classifier's on the frame's image.
      assertEquals(
          together.get(0).prediction(), method.prediction(together.get(0).image(), 0), 1e-6);
    }
  }

  @Test
  void shouldScaleProbabilitiesAtTheOperatingPoint() {
    Prediction p = new Prediction(2, OutputKind.PROBABILITIES, List.of(0.5, 0.2));
    assertEquals(0, p.of(0, 1));
    assertEquals(0.25, p.of(0.1, 1), 1e-12);
    assertEquals(0.5, p.of(0.2, 1), 1e-12);
    assertEquals(0.75, p.of(0.6, 1), 1e-12);
    assertEquals(1, p.of(1, 1), 1e-12);
    assertEquals(0.6, p.of(0.6, 0), 1e-12);
    assertEquals(0.5, new Prediction(3, OutputKind.LOGITS, List.of()).of(0, 2));
  }

  @Test
  void shouldRefuseNetworksOfDifferentResolutions() {
    ProblemException e =
        assertThrows(
            ProblemException.class,
            () -> new LatentShift(TinyModels.autoencoder(64), TinyModels.classifier(32), 1));
    assertEquals(ProblemKind.USAGE, e.kind());
    assertTrue(e.getMessage().contains("64") && e.getMessage().contains("32"), e.getMessage());
  }

  /** PyTorch's numbers for the paper's networks. */
  @Test
  void shouldEqualPyTorchOnThePaperNetworks() throws IOException {
    GoldenNetworks goldens = GoldenNetworks.open();
    long seed = goldens.golden().get("seed").asLong();
    ResNetAutoencoder network = new ResNetAutoencoder(50, new LatentShape(512, 3), 1, 224);
    NamedTensors weights = GoldenNetworks.formula(network.autoencoder(), seed);
    Graph densenet = DenseNet.densenet121(18, 224).graph();
    ModelFacts facts = new ModelFacts("golden", "", Map.of());
    LoadedAutoencoder autoencoder =
        new LoadedAutoencoder(
            facts,
            new OnnxModel(network.encoder(), weights),
            new OnnxModel(network.decoder(), weights),
            224);
    LoadedClassifier classifier =
        new LoadedClassifier(
            facts,
            new OnnxModel(densenet, GoldenNetworks.formula(densenet, seed)),
            java.util.stream.IntStream.range(0, 18).mapToObj(i -> "t" + i).toList(),
            OutputKind.LOGITS,
            List.of());
    JsonNode expected = goldens.golden().get("latent_gradient");
    int target = expected.get("target").asInt();
    try (LatentShift method = new LatentShift(autoencoder, classifier, 2)) {
      FloatTensor z = method.encode(new GrayImage(224, 224, goldens.images(0, 1).data()));
      GoldenNetworks.assertClose(wide(z), GoldenNetworks.read("z"), 1e-4);
      FloatTensor g = method.gradient(z, target).values();
      double cosine = cosine(wide(g), GoldenNetworks.read("latent_gradient"));
      assertTrue(cosine > 0.999, "cosine " + cosine);
      Frame origin = method.frames(z, g, target).at(List.of(0.0)).get(0);
      assertEquals(expected.get("prediction_at_0").asDouble(), origin.prediction(), 1e-5);
      for (JsonNode shifted : goldens.golden().get("shifted")) {
        double lambda = shifted.get("lambda_times_gradient_norm").asDouble() / norm(g);
        Frame frame = method.frames(z, g, target).at(List.of(lambda)).get(0);
        assertEquals(shifted.get("prediction").asDouble(), frame.prediction(), 1e-6);
        assertEquals(
            shifted.get("mean_abs_change").asDouble(),
            frame.distance(origin) / (224 * 224),
            1e-3 * shifted.get("mean_abs_change").asDouble() + 1e-5);
      }
    }
  }

  private static double[] wide(FloatTensor t) {
    double[] values = new double[t.data().length];
    for (int i = 0; i < values.length; i++) {
      values[i] = t.data()[i];
    }
    return values;
  }

  private static double norm(FloatTensor t) {
    return Math.sqrt(dot(wide(t), wide(t)));
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  private static double cosine(double[] a, double[] b) {
    return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
  }
}
