package org.xrv.trainer.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xrv.converter.autodiff.Gradients;
import org.xrv.converter.torchscript.Adam;
import org.xrv.converter.torchscript.InferenceProgram;
import org.xrv.converter.torchscript.Loss;
import org.xrv.converter.torchscript.MemoryLayout;
import org.xrv.converter.torchscript.Numerics;
import org.xrv.converter.torchscript.Precision;
import org.xrv.converter.torchscript.TrainingRecipe;
import org.xrv.core.architecture.DenseNet;
import org.xrv.core.architecture.LatentShape;
import org.xrv.core.architecture.ResNetAutoencoder;
import org.xrv.core.golden.GoldenNetworks;
import org.xrv.core.graph.Graph;
import org.xrv.core.graph.GraphBuilder;
import org.xrv.core.graph.Graphs;
import org.xrv.core.graph.Node;
import org.xrv.core.graph.Op;
import org.xrv.core.graph.Shape;
import org.xrv.core.tensor.FloatTensor;
import org.xrv.core.tensor.NamedTensors;

/**
 * What PyTorch in Python computes for networks whose weights come from a formula, in inference, for
 * gradients and over five training steps.
 */
class GoldenNetworksTest {
  private static final int CARDIOMEGALY = 10;
  private final ResNetAutoencoder autoencoder =
      new ResNetAutoencoder(50, new LatentShape(512, 3), 1, 224);
  private final Graph classifier = DenseNet.densenet121(18, 224).graph();
  private GoldenNetworks networks;
  private JsonNode golden;
  private NDManager scope;

  @BeforeEach
  void read() throws IOException {
    networks = GoldenNetworks.open();
    golden = networks.golden();
    scope = DjlEngine.open().newScope();
  }

  @AfterEach
  void close() {
    if (scope != null) {
      scope.close();
    }
  }

  @Test
  void shouldInferAndDifferentiateInFloat32() throws IOException {
    compareInference(Precision.FLOAT32, 1e-4, 1e-3);
  }

  @Test
  void shouldInferAndDifferentiateInFloat64() throws IOException {
    compareInference(Precision.FLOAT64, 1e-8, 1e-8);
  }

  private void compareInference(Precision precision, double valueLimit, double gradientLimit)
      throws IOException {
    String suffix = precision == Precision.FLOAT64 ? "64" : "";
    NamedTensors ae =
        GoldenNetworks.formula(autoencoder.autoencoder(), golden.get("seed").asLong());
    NamedTensors clf = GoldenNetworks.formula(classifier, golden.get("seed").asLong());
    FloatTensor x = networks.images(0, 1);

    double[] z = run(autoencoder.encoder(), ae, x, "run", precision).get(0);
    GoldenNetworks.assertClose(z, GoldenNetworks.read("z" + suffix), valueLimit);
    FloatTensor latent = new FloatTensor(Shape.of(1, 512, 3, 3), floats(z));
    // The decoder is given z as float32 only where the precision is float32.
    double[] reconstruction = run(autoencoder.autoencoder(), ae, x, "run", precision).get(0);
    GoldenNetworks.assertClose(
        reconstruction, GoldenNetworks.read("reconstruction" + suffix), valueLimit);
    if (precision == Precision.FLOAT32) {
      GoldenNetworks.assertClose(
          run(classifier, clf, x, "run", precision).get(0),
          GoldenNetworks.read("logits"),
          valueLimit);
    }

    Graph prediction = Graphs.chain("prediction", autoencoder.decoder(), probability(CARDIOMEGALY));
    NamedTensors both = ae.with(clf.prefixed("f."));
    List<double[]> gradient =
        precision == Precision.FLOAT32
            ? run(prediction, both, latent, "gradient", precision)
            : runDoubles(prediction, both, z, latent.shape(), "gradient");
    assertEquals(
        golden
            .at(
                precision == Precision.FLOAT64
                    ? "/float64/prediction_at_0"
                    : "/latent_gradient/prediction_at_0")
            .asDouble(),
        gradient.get(0)[0],
        valueLimit);
    GoldenNetworks.assertClose(
        gradient.get(1), GoldenNetworks.read("latent_gradient" + suffix), gradientLimit);

    double[] inputGradient = run(selected(CARDIOMEGALY), clf, x, "gradient", precision).get(1);
    double[] expected = GoldenNetworks.read("input_gradient" + suffix);
    if (precision == Precision.FLOAT32) { // stored as absolute values
      for (int i = 0; i < inputGradient.length; i++) {
        inputGradient[i] = Math.abs(inputGradient[i]);
      }
    }
    GoldenNetworks.assertClose(inputGradient, expected, gradientLimit);
  }

  /** The gradient as nodes of a graph, with no autograd behind it. */
  @Test
  void shouldEqualAutogradByTheGradientGraphInFloat64() throws IOException {
    NamedTensors clf = GoldenNetworks.formula(classifier, golden.get("seed").asLong());
    Graph gradient = Gradients.of(selected(CARDIOMEGALY), "b", ResNetAutoencoder.IMAGE);
    double[] actual = run(gradient, clf, networks.images(0, 1), "run", Precision.FLOAT64).get(1);
    GoldenNetworks.assertClose(actual, GoldenNetworks.read("input_gradient64"), 1e-8);

    NamedTensors ae =
        GoldenNetworks.formula(autoencoder.autoencoder(), golden.get("seed").asLong());
    Graph prediction = Graphs.chain("prediction", autoencoder.decoder(), probability(CARDIOMEGALY));
    Graph latent = Gradients.of(prediction, "probability", ResNetAutoencoder.Z);
    double[] z = GoldenNetworks.read("z64");
    List<double[]> results =
        runDoubles(latent, ae.with(clf.prefixed("f.")), z, Shape.of(1, 512, 3, 3), "run");
    GoldenNetworks.assertClose(results.get(1), GoldenNetworks.read("latent_gradient64"), 1e-8);
  }

  @Test
  void shouldTrainAsPyTorchDoes() throws IOException {
    trainAsPyTorchDoes(Precision.FLOAT32, MemoryLayout.CHANNELS_LAST);
  }

  @Tag("slow")
  @ParameterizedTest
  @CsvSource({"FLOAT32, CONTIGUOUS", "FLOAT64, CONTIGUOUS", "FLOAT64, CHANNELS_LAST"})
  void shouldTrainAsPyTorchDoesOtherwise(Precision precision, MemoryLayout layout)
      throws IOException {
    trainAsPyTorchDoes(precision, layout);
  }

  private void trainAsPyTorchDoes(Precision precision, MemoryLayout layout) throws IOException {
    boolean exact = precision == Precision.FLOAT64;
    JsonNode training = golden.get("training");
    JsonNode expected = training.get(exact ? "float64" : "float32");
    Graph graph = autoencoder.autoencoder();
    NamedTensors weights = GoldenNetworks.formula(graph, golden.get("seed").asLong());
    Numerics numerics = new Numerics(precision, layout);
    TrainingRecipe recipe = TrainingRecipe.of(Loss.ELASTIC, Adam.PAPER);
    int batch = training.get("batch").asInt();
    try (DjlTrainingSession session =
        new DjlTrainingSession(List.of(scope.newSubManager()), graph, recipe, weights, numerics)) {
      for (int step = 0; step < training.get("steps").asInt(); step++) {
        FloatTensor x = networks.images(step * batch % golden.get("files").size(), batch);
        double loss = session.step(x, x, 1e-4).loss();
        double e = expected.get("losses").get(step).asDouble();
        assertEquals(e, loss, e * (exact ? 1e-8 : 1e-3), "loss of step " + step);
        if (step == 0) {
          // After the first step the first moment is a tenth of the gradient with its weight decay:
          // gradient = 10 m - decay * weight.
          assertGradientNorms(
              expected.get("gradient_norms_step_0"),
              session.optimizerState(),
              weights,
              exact ? 1e-6 : 0.1);
        }
      }
      if (exact) { // five steps of a badly conditioned gradient tell nothing in float32
        expected
            .get("sums_after")
            .properties()
            .forEach(
                e -> {
                  double sum = 0;
                  for (float v : session.weights().get(e.getKey()).data()) {
                    sum += v;
                  }
                  double expectedSum = e.getValue().asDouble();
                  // weights() rounds to float32
                  assertEquals(expectedSum, sum, Math.abs(expectedSum) * 1e-6 + 1e-4, e.getKey());
                });
      }
    }
  }

  private static void assertGradientNorms(
      JsonNode expected, NamedTensors moments, NamedTensors weights, double limit) {
    expected
        .properties()
        .forEach(
            e -> {
              float[] m = moments.get("exp_avg/" + e.getKey()).data();
              float[] w = weights.get(e.getKey()).data();
              double sum = 0;
              for (int i = 0; i < m.length; i++) {
                double g = 10.0 * m[i] - 1e-5 * w[i];
                sum += g * g;
              }
              assertEquals(
                  e.getValue().asDouble(),
                  Math.sqrt(sum),
                  e.getValue().asDouble() * limit,
                  e.getKey());
            });
  }

  private Graph selected(int target) {
    GraphBuilder b = new GraphBuilder("selected");
    String x = b.input(DenseNet.LOGITS, 18);
    String left =
        b.node(
                new Node(
                    "split",
                    new Op.Split(1, List.of(target, 1, 17 - target)),
                    List.of(x),
                    List.of("a", "b", "c")))
            .get(1);
    return Graphs.chain("selected", classifier, b.build(left));
  }

  private Graph probability(int target) {
    Graph f = Graphs.prefixed(selected(target), "f.");
    GraphBuilder b = new GraphBuilder("sigmoid");
    b.node("probability", new Op.Sigmoid(), b.input("s", 1));
    return Graphs.chain("probability", f, b.build("probability"));
  }

  private List<double[]> run(
      Graph graph, NamedTensors weights, FloatTensor x, String method, Precision precision) {
    try (NDManager inner = scope.newSubManager()) {
      return run(inner, graph, weights, DjlEngine.array(inner, x, precision), method, precision);
    }
  }

  private List<double[]> runDoubles(
      Graph graph, NamedTensors weights, double[] x, Shape shape, String method) {
    try (NDManager inner = scope.newSubManager()) {
      return run(
          inner,
          graph,
          weights,
          inner.create(x, new ai.djl.ndarray.types.Shape(shape.toLongArray())),
          method,
          Precision.FLOAT64);
    }
  }

  private static List<double[]> run(
      NDManager inner,
      Graph graph,
      NamedTensors weights,
      NDArray x,
      String method,
      Precision precision) {
    InferenceProgram program = InferenceProgram.compile(graph, precision);
    NDList w = DjlEngine.load(inner, program.parameters(), weights, precision);
    List<double[]> results = new ArrayList<>();
    for (NDArray a :
        new DjlProgram(inner, program.archive())
            .call(method, List.of(x), List.of(DjlProgram.list("w", w)))) {
      results.add(a.toType(ai.djl.ndarray.types.DataType.FLOAT64, false).toDoubleArray());
    }
    return results;
  }

  private static float[] floats(double[] wide) {
    float[] f = new float[wide.length];
    for (int i = 0; i < f.length; i++) {
      f[i] = (float) wide[i];
    }
    return f;
  }
}
