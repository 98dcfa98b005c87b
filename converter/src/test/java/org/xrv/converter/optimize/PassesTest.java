package org.xrv.converter.optimize;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.xrv.converter.onnx.OnnxModel;
import org.xrv.converter.onnx.OnnxWriter;
import org.xrv.converter.onnxruntime.OnnxRunner;
import org.xrv.core.architecture.DenseNet;
import org.xrv.core.architecture.LatentShape;
import org.xrv.core.architecture.ResNetAutoencoder;
import org.xrv.core.golden.GoldenNetworks;
import org.xrv.core.graph.ElementType;
import org.xrv.core.graph.Graph;
import org.xrv.core.graph.Node;
import org.xrv.core.graph.Op;
import org.xrv.core.graph.ParameterKind;
import org.xrv.core.reference.CaseBuilder;
import org.xrv.core.reference.DoubleTensor;
import org.xrv.core.reference.OpCase;
import org.xrv.core.reference.OpCases;
import org.xrv.core.reference.ReferenceExecutor;
import org.xrv.core.tensor.FloatTensor;

/**
 * Each pass against the op-by-op reference, which computes in float64, and against ONNX Runtime.
 */
class PassesTest {
  private static OnnxModel changed(OpCase c, GraphPass... passes) {
    OnnxModel after =
        Optimizer.apply(List.of(passes), new OnnxModel(c.graph(), c.weights())).model();
    assertEquals(c.graph().inputs(), after.graph().inputs());
    assertEquals(c.graph().outputs(), after.graph().outputs());
    assertEquals(c.graph().metadata(), after.graph().metadata());
    List<DoubleTensor> expected = c.expected();
    List<DoubleTensor> reference =
        ReferenceExecutor.run(after.graph(), after.weights(), c.inputs());
    Map<String, FloatTensor> runtime = run(after, c.inputs());
    for (int i = 0; i < expected.size(); i++) {
      String output = c.graph().outputs().get(i);
      // The weights are float32 again after each fold.
      expected.get(i).assertGivenBy(reference.get(i), 1e-6, output);
      expected.get(i).assertGivenBy(DoubleTensor.of(runtime.get(output)), 1e-5, output);
    }
    return after;
  }

  private static Map<String, FloatTensor> run(OnnxModel model, List<FloatTensor> inputs) {
    Map<String, FloatTensor> named = new LinkedHashMap<>();
    for (int i = 0; i < inputs.size(); i++) {
      named.put(model.graph().inputs().get(i).name(), inputs.get(i));
    }
    byte[] file = OnnxWriter.bytes(model.graph(), model.weights());
    try (OnnxRunner runner = OnnxRunner.open(model.graph().name(), file, 1)) {
      return runner.run(named);
    }
  }

  private static List<String> types(OnnxModel model) {
    return model.graph().nodes().stream().map(n -> n.op().type()).toList();
  }

  private static Op.Conv conv(int stride, int padding, int group) {
    return new Op.Conv(
        List.of(stride, stride), List.of(padding, padding, padding, padding), List.of(1, 1), group);
  }

  private static String norm(CaseBuilder b, String name, String x, int channels, double shift) {
    return b.node(
        new Op.BatchNormalization(1e-5f, 0.9f),
        x,
        b.weight(0.5, 2, ParameterKind.BATCH_NORM_SCALE, name + ".weight", channels),
        b.weight(-shift, shift, ParameterKind.BATCH_NORM_SHIFT, name + ".bias", channels),
        b.weight(-shift, shift, ParameterKind.RUNNING_MEAN, name + ".running_mean", channels),
        b.weight(0.1, 3, ParameterKind.RUNNING_VARIANCE, name + ".running_var", channels));
  }

  @Test
  void shouldFoldBatchNormBehindConv() {
    CaseBuilder b = new CaseBuilder("Conv, BatchNorm", 3);
    String y = b.node(conv(2, 1, 2), b.input("x", 4, 7, 7), b.weight("conv.weight", 6, 2, 3, 3));
    OnnxModel after = changed(b.build(norm(b, "bn", y, 6, 1)), new FoldBatchNorm());
    assertEquals(List.of("Conv"), types(after));
    assertEquals(List.of("conv.weight", "conv.bias"), List.copyOf(after.weights().names()));
  }

  @Test
  void shouldFoldBatchNormBehindConvWithBias() {
    CaseBuilder b = new CaseBuilder("Conv with bias, BatchNorm, BatchNorm", 1);
    String bias = b.weight(-1, 1, ParameterKind.BIAS, "b", 3);
    String y = b.node(conv(1, 0, 1), b.input("x", 2, 5, 5), b.weight("w", 3, 2, 3, 3), bias);
    OnnxModel after =
        changed(b.build(norm(b, "bn2", norm(b, "bn1", y, 3, 1), 3, 1)), new FoldBatchNorm());
    assertEquals(List.of("Conv"), types(after));
    assertEquals(Set.of("w", "b"), after.weights().names());
  }

  @Test
  void shouldFoldBatchNormBehindConvTransposeWithGroupsAndOutputPadding() {
    CaseBuilder b = new CaseBuilder("ConvTranspose, BatchNorm", 3);
    Op transposed =
        new Op.ConvTranspose(List.of(2, 2), List.of(1, 1, 1, 1), List.of(1, 1), List.of(1, 1), 2);
    String y = b.node(transposed, b.input("x", 4, 5, 5), b.weight("up.weight", 4, 3, 3, 3));
    OnnxModel after = changed(b.build(norm(b, "bn", y, 6, 1)), new FoldBatchNorm());
    assertEquals(List.of("ConvTranspose"), types(after));
  }

  @Test
  void shouldFoldBatchNormBeforeConvWithoutPadding() {
    CaseBuilder b = new CaseBuilder("BatchNorm, Conv", 3);
    String y = norm(b, "bn", b.input("x", 4, 5, 5), 4, 1);
    OnnxModel after =
        changed(b.build(b.node(conv(1, 0, 2), y, b.weight("w", 6, 2, 3, 3))), new FoldBatchNorm());
    assertEquals(List.of("Conv"), types(after));
  }

  @Test
  void shouldNotFoldBatchNormBeforeConvThatPads() {
    CaseBuilder b = new CaseBuilder("BatchNorm, padded Conv", 1);
    String y = norm(b, "bn", b.input("x", 4, 5, 5), 4, 1);
    OnnxModel after =
        changed(b.build(b.node(conv(1, 1, 1), y, b.weight("w", 6, 4, 3, 3))), new FoldBatchNorm());
    assertEquals(List.of("BatchNormalization", "Conv"), types(after));
  }

  @Test
  void shouldFoldBatchNormWithoutShiftBeforeConvThatPads() {
    CaseBuilder b = new CaseBuilder("BatchNorm without shift, padded Conv", 1);
    float[] none = new float[4];
    String y =
        b.node(
            new Op.BatchNormalization(1e-5f, 0.9f),
            b.input("x", 4, 5, 5),
            b.weight(0.5, 2, ParameterKind.BATCH_NORM_SCALE, "s", 4),
            b.constant("t", none, 4),
            b.constant("m", none, 4),
            b.weight(0.1, 3, ParameterKind.RUNNING_VARIANCE, "v", 4));
    OnnxModel after =
        changed(b.build(b.node(conv(1, 1, 1), y, b.weight("w", 6, 4, 3, 3))), new FoldBatchNorm());
    assertEquals(List.of("Conv"), types(after));
  }

  /** The convolution's own result is used, or is an output. */
  @Test
  void shouldNotFoldWhatOthersSee() {
    for (boolean output : new boolean[] {true, false}) {
      CaseBuilder b = new CaseBuilder("Conv seen by others", 1);
      String y = b.node(conv(1, 0, 1), b.input("x", 2, 4, 4), b.weight("w", 2, 2, 3, 3));
      String z = norm(b, "bn", y, 2, 1);
      OpCase c = output ? b.build(y, z) : b.build(b.node(new Op.Add(), z, b.node(new Op.Abs(), y)));
      assertTrue(types(changed(c, new FoldBatchNorm())).contains("BatchNormalization"));
    }
  }

  /** Two convolutions share weights, one of them with a BatchNorm behind. */
  @Test
  void shouldLeaveSharedWeightsToTheOthers() {
    CaseBuilder b = new CaseBuilder("shared weights", 1);
    String x = b.input("x", 2, 4, 4);
    String w = b.weight("w", 2, 2, 3, 3);
    String folded = norm(b, "bn", b.node(conv(1, 0, 1), x, w), 2, 1);
    OnnxModel after = changed(b.build(folded, b.node(conv(1, 0, 1), x, w)), new FoldBatchNorm());
    assertEquals(List.of("Conv", "Conv"), types(after));
    assertTrue(
        after.weights().names().containsAll(List.of("w", "w'")),
        after.weights().names().toString());
  }

  @Test
  void shouldNotFoldStatisticsThatAreNoNumbers() {
    CaseBuilder b = new CaseBuilder("negative variance", 1);
    String y = b.node(conv(1, 0, 1), b.input("x", 1, 3, 3), b.weight("w", 1, 1, 3, 3));
    String z =
        b.node(
            new Op.BatchNormalization(1e-5f, 0.9f),
            y,
            b.constant("s", new float[] {1}, 1),
            b.constant("t", new float[] {0}, 1),
            b.constant("m", new float[] {0}, 1),
            b.constant("v", new float[] {-1}, 1));
    OpCase c = b.build(z);
    OnnxModel given = new OnnxModel(c.graph(), c.weights());
    assertEquals(types(given), types(new FoldBatchNorm().apply(given)));
  }

  @Test
  void shouldComputeConstantsOnce() {
    CaseBuilder b = new CaseBuilder("constants", 3);
    String w = b.weight("w", 2, 3);
    String sum =
        b.node(new Op.Add(), b.node(new Op.Mul(), w, b.node(new Op.Constant(2))), b.weight("v", 3));
    String y =
        b.node(new Op.Add(), b.input("x", 2, 3), b.node(new Op.Transpose(List.of(0, 1)), sum));
    OnnxModel after = changed(b.build(y), new FoldConstants(), new DropUnused());
    assertEquals(List.of("Add"), types(after));
    assertEquals(1, after.weights().names().size());
  }

  /** Indices are INT64, which a weight cannot be; what makes them stays. */
  @Test
  void shouldKeepConstantsThatAreNoFloats() {
    CaseBuilder b = new CaseBuilder("indices", 1);
    String indices = b.indices("i", new float[] {2, 0}, 2);
    OnnxModel after =
        changed(
            b.build(b.node(new Op.Gather(1), b.input("x", 3, 2), indices)),
            new FoldConstants(),
            new DropUnused());
    assertEquals(List.of("Cast", "Gather"), types(after));
  }

  @Test
  void shouldKeepConstantOutputs() {
    CaseBuilder b = new CaseBuilder("constant output", 1);
    String x = b.node(new Op.Relu(), b.input("x", 3));
    String y = b.node(new Op.Neg(), b.node(new Op.Abs(), b.weight("w", 3)));
    OnnxModel after = changed(b.build(x, y), new FoldConstants(), new DropUnused());
    assertEquals(List.of("Relu", "Neg"), types(after));
  }

  @Test
  void shouldLeaveNetworksWithoutConstantsAlone() {
    CaseBuilder b = new CaseBuilder("nothing", 1);
    OpCase c = b.build(b.node(new Op.Mul(), b.input("x", 3), b.weight("w", 3)));
    OnnxModel given = new OnnxModel(c.graph(), c.weights());
    assertSame(given, new FoldConstants().apply(given));
  }

  @Test
  void shouldRemoveWhatHasNoEffect() {
    CaseBuilder b = new CaseBuilder("identities", 3);
    String x = b.node(new Op.Identity(), b.input("x", 2, 4));
    x = b.node(new Op.Cast(ElementType.FLOAT), x);
    x = b.node(new Op.Relu(), x);
    x = b.node(new Op.Pad(List.of(0, 0, 0, 0, 0, 0), 1), x);
    x = b.node(new Op.Transpose(List.of(0, 1, 2)), b.node(new Op.Concat(1), x));
    x = b.node(new Op.Reshape(List.of(0, 2, 4)), x);
    String y = b.node(new Op.Identity(), x);
    OnnxModel after = changed(b.build(y), new RemoveIdentities());
    assertEquals(List.of("Relu"), types(after));
    assertEquals(y, after.graph().nodes().get(0).output());
  }

  @Test
  void shouldKeepIdentitiesBetweenInputAndOutputAndBetweenOutputs() {
    CaseBuilder b = new CaseBuilder("identities that name outputs", 1);
    String x = b.input("x", 3);
    String same = b.node(new Op.Identity(), x);
    String y = b.node(new Op.Relu(), x);
    String first = b.node(new Op.Identity(), y);
    String second = b.node(new Op.Identity(), y);
    OnnxModel after = changed(b.build(same, first, second), new RemoveIdentities());
    assertEquals(List.of("Identity", "Relu", "Identity"), types(after));
  }

  @Test
  void shouldShareRepeatedNodesAndWhatFollowsThem() {
    CaseBuilder b = new CaseBuilder("repeats", 1);
    String x = b.input("x", 3);
    String one = b.node(new Op.Abs(), b.node(new Op.Relu(), x));
    String two = b.node(new Op.Abs(), b.node(new Op.Relu(), x));
    OnnxModel after = changed(b.build(b.node(new Op.Add(), one, two)), new ShareRepeated());
    assertEquals(List.of("Relu", "Abs", "Add"), types(after));
    OnnxModel named = changed(b.build(one, two), new ShareRepeated());
    assertEquals(List.of("Relu", "Abs", "Abs"), types(new DropUnused().apply(named)));
  }

  @Test
  void shouldDropWhatNoOutputNeeds() {
    CaseBuilder b = new CaseBuilder("unused", 1);
    String x = b.input("x", 3);
    b.node(new Op.Mul(), x, b.weight("unused", 3));
    OnnxModel after =
        changed(b.build(b.node(new Op.Mul(), x, b.weight("used", 3))), new DropUnused());
    assertEquals(List.of("Mul"), types(after));
    assertEquals(List.of("used"), List.copyOf(after.weights().names()));
    assertEquals(List.of("used"), List.copyOf(after.graph().parameters().keySet()));
  }

  static Stream<OpCase> cases() {
    // What ONNX Runtime does not run; see OnnxRuntimeOpsTest.
    return OpCases.all().stream()
        .filter(c -> !c.name().startsWith("ConvTranspose with output padding"));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void shouldLeaveWhatEveryOpComputes(OpCase c) {
    changed(c, Optimizer.passes(true).toArray(GraphPass[]::new));
  }

  @Test
  void shouldFoldWholeNetworks() {
    ResNetAutoencoder ae = new ResNetAutoencoder(50, new LatentShape(16, 1), 0.0625, 32);
    assertEquals(0, left(ae.encoder(), 1, 32, 32));
    assertEquals(0, left(ae.decoder(), 16, 1, 1));
    Graph dense = new DenseNet(8, 4, List.of(2, 2), 4, 3, 32).graph();
    // norm1 of each layer, of the transition, and the last one: a ReLU is behind them.
    assertEquals(4 + 1 + 1, left(dense, 1, 32, 32));
  }

  /** How many BatchNorms are left. */
  private static long left(Graph graph, int... dims) {
    CaseBuilder b = new CaseBuilder(graph.name(), 3);
    b.input(graph.input().name(), dims);
    FloatTensor x = b.build(graph.input().name()).inputs().get(0);
    OpCase c = new OpCase(graph.name(), graph, GoldenNetworks.formula(graph, 5), List.of(x));
    OnnxModel after = changed(c, Optimizer.passes(true).toArray(GraphPass[]::new));
    return after.graph().nodes().stream()
        .map(Node::op)
        .filter(Op.BatchNormalization.class::isInstance)
        .count();
  }
}
