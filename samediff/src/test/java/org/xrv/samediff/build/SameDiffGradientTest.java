package org.xrv.samediff.build;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.xrv.converter.autodiff.Gradients;
import org.xrv.converter.verify.Difference;
import org.xrv.converter.verify.OnnxRuntimeParity;
import org.xrv.converter.verify.ParityInputs;
import org.xrv.converter.verify.ParityRuntime;
import org.xrv.core.architecture.DenseNet;
import org.xrv.core.architecture.LatentShape;
import org.xrv.core.architecture.ResNetAutoencoder;
import org.xrv.core.golden.GoldenNetworks;
import org.xrv.core.graph.Graph;
import org.xrv.core.graph.GraphBuilder;
import org.xrv.core.graph.Graphs;
import org.xrv.core.graph.Op;
import org.xrv.core.graph.Shape;
import org.xrv.core.tensor.FloatTensor;
import org.xrv.core.tensor.NamedTensors;
import org.xrv.samediff.runtime.SameDiffParity;

/**
 * SameDiff's own differentiation against the gradient as a graph (which the trainer's tests compare
 * with PyTorch's autograd), and the real networks with running statistics of their own.
 */
class SameDiffGradientTest {
  private static final ResNetAutoencoder TINY =
      new ResNetAutoencoder(50, new LatentShape(16, 1), 0.0625, 32);

  static Stream<Graph> networks() {
    return Stream.of(TINY.decoder(), TINY.encoder(), TINY.autoencoder());
  }

  @ParameterizedTest
  @MethodSource("networks")
  void shouldEqualTheGradientGraph(Graph network) {
    compare(network, GoldenNetworks.formula(network, 5), 2, 1e-4);
  }

  /** The gradient of the sum of all outputs with respect to the input. */
  private static void compare(Graph network, NamedTensors weights, int batch, double limit) {
    FloatTensor x =
        ParityInputs.noise(network.input().name(), network.input().shape().withBatch(batch));
    SameDiffGradient made = SameDiffGradient.of(network, weights, x);
    Graph sum = summed(network);
    Graph gradient = Gradients.of(sum, sum.output(), network.input().name());
    List<FloatTensor> expected;
    try (ParityRuntime.Session session =
        new OnnxRuntimeParity().open(gradient.withOutputs(outputs(network, gradient)), weights)) {
      expected = session.run(List.of(x));
    }
    assertClose(expected.get(0), made.output(), 1e-5);
    assertClose(expected.get(1), made.gradient(), limit);
  }

  private static List<String> outputs(Graph network, Graph gradient) {
    return List.of(network.output(), gradient.outputs().get(1));
  }

  /** One number per input, so that the gradient graph has an output to begin at. */
  private static Graph summed(Graph network) {
    Shape shape = org.xrv.core.graph.ShapeInference.infer(network).get(network.output()).shape();
    GraphBuilder b = new GraphBuilder("sum");
    int[] rest = shape.dims().stream().skip(1).mapToInt(Integer::intValue).toArray();
    String flat = b.node("flat", new Op.Flatten(1), b.input("summed", rest));
    return Graphs.chain(
        "summed", network, b.build(b.node("sum", new Op.ReduceSum(List.of(1), true), flat)));
  }

  private static void assertClose(FloatTensor expected, FloatTensor actual, double limit) {
    Difference difference = Difference.between(expected, actual);
    assertTrue(difference.within(limit), difference.toString());
  }

  private static void forward(Graph graph, NamedTensors weights, List<FloatTensor> inputs) {
    try (ParityRuntime.Session onnx = new OnnxRuntimeParity().open(graph, weights);
        ParityRuntime.Session sameDiff = new SameDiffParity().open(graph, weights)) {
      List<FloatTensor> expected = onnx.run(inputs);
      List<FloatTensor> actual = sameDiff.run(inputs);
      for (int i = 0; i < expected.size(); i++) {
        assertClose(expected.get(i), actual.get(i), 1e-5);
      }
    }
  }

  @Tag("slow")
  @Test
  void shouldRunTheNetworksOfThePaper() {
    ResNetAutoencoder paper = new ResNetAutoencoder(101, new LatentShape(512, 3), 1, 224);
    NamedTensors weights = GoldenNetworks.formula(paper.autoencoder(), 1);
    List<FloatTensor> images = ParityInputs.usual().images(1, 224, 224, List.of(1)).get(0);
    forward(paper.encoder(), weights, images);
    forward(
        paper.decoder(),
        weights,
        List.of(ParityInputs.noise("z", paper.decoder().input().shape().withBatch(1))));
    Graph classifier = DenseNet.densenet121(18, 224).graph();
    forward(classifier, GoldenNetworks.formula(classifier, 2), images);
  }

  @Tag("slow")
  @Test
  void shouldDifferentiateTheDecoderOfThePaper() {
    ResNetAutoencoder paper = new ResNetAutoencoder(101, new LatentShape(512, 3), 1, 224);
    compare(paper.decoder(), GoldenNetworks.formula(paper.autoencoder(), 1), 1, 1e-4);
  }
}
