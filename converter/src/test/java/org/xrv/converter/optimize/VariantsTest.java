package org.xrv.converter.optimize;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.bytedeco.onnx.global.onnx;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.xrv.converter.onnx.Float16Writer;
import org.xrv.converter.onnx.Int8Writer;
import org.xrv.converter.onnx.OnnxForm;
import org.xrv.converter.onnx.OnnxModel;
import org.xrv.converter.onnxruntime.OnnxRunner;
import org.xrv.core.graph.Op;
import org.xrv.core.reference.CaseBuilder;
import org.xrv.core.reference.DoubleTensor;
import org.xrv.core.reference.OpCase;
import org.xrv.core.reference.OpCases;
import org.xrv.core.tensor.FloatTensor;

/** Float16 and 8 bits, op by op: the official checker, and ONNX Runtime against the reference. */
class VariantsTest {
  private static final OnnxForm USUAL = OnnxForm.opset(OnnxForm.DEFAULT);

  /** Of float16: 11 bits, sums of a few dozen products. */
  private static final double HALF = 5e-3;

  /** Of 7-bit weights and 8-bit values, sums of a few dozen products. */
  private static final double EIGHT_BITS = 5e-2;

  @TempDir Path folder;

  static Stream<OpCase> cases() {
    return PassesTest.cases();
  }

  private void assertNear(OpCase c, byte[] model, double limit) throws IOException {
    Path file = folder.resolve("model.onnx");
    Files.write(file, model);
    onnx.check_model(file.toString(), true, false, false);
    Map<String, FloatTensor> inputs = new LinkedHashMap<>();
    for (int i = 0; i < c.inputs().size(); i++) {
      inputs.put(c.graph().inputs().get(i).name(), c.inputs().get(i));
    }
    try (OnnxRunner runner = OnnxRunner.open(file, 1)) {
      Map<String, FloatTensor> actual = runner.run(inputs);
      List<DoubleTensor> expected = c.expected();
      for (int i = 0; i < expected.size(); i++) {
        String output = c.graph().outputs().get(i);
        expected.get(i).assertGivenBy(DoubleTensor.of(actual.get(output)), limit, output);
      }
    }
  }

  /** Those whose outputs are numbers that float16 has with all its bits. */
  static Stream<OpCase> halves() {
    return cases()
        .filter(
            c ->
                c.expected().stream()
                    .mapToDouble(t -> Arrays.stream(t.data()).map(Math::abs).max().orElse(0))
                    .allMatch(m -> m == 0 || (m > 1e-4 && m < 6e4)));
  }

  @ParameterizedTest
  @MethodSource("halves")
  void shouldComputeEachOpInFloat16(OpCase c) throws IOException {
    assertNear(c, Float16Writer.bytes(c.graph(), c.weights(), Set.of(), USUAL), HALF);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void shouldComputeEachOpInEightBits(OpCase c) throws IOException {
    assertNear(c, Int8Writer.bytes(c.graph(), c.weights(), Set.of(), true, USUAL), EIGHT_BITS);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void shouldComputeEachOpWithEightBitWeights(OpCase c) throws IOException {
    assertNear(c, Int8Writer.bytes(c.graph(), c.weights(), Set.of(), false, USUAL), EIGHT_BITS);
  }

  /** 255 x 127 + 255 x 127 does not fit into 16 bits, where some processors add such products. */
  @Test
  void shouldNotCutOffLargeProducts() throws IOException {
    CaseBuilder b = new CaseBuilder("large products", 1);
    float[] ones = new float[64];
    Arrays.fill(ones, 1);
    float[] x = ones.clone();
    String y =
        b.node(
            new Op.Conv(List.of(1, 1), List.of(0, 0, 0, 0), List.of(1, 1), 1),
            b.given("x", x, 64, 1, 1),
            b.constant("w", ones, 1, 64, 1, 1));
    OpCase c = b.build(y);
    assertNear(c, Int8Writer.bytes(c.graph(), c.weights(), Set.of(), true, USUAL), 1e-5);
  }

  @Test
  void shouldFindWhatFloat16CannotHoldAndKeepItInFloat32() throws IOException {
    CaseBuilder b = new CaseBuilder("large", 1);
    String x = b.input(1, 2, "x", 3);
    String large = b.node(new Op.Mul(), x, b.constant("huge", new float[] {1e5f, 2, 1e-9f}, 3));
    String y = b.node(new Op.Mul(), large, b.constant("small", new float[] {1e-5f, 1, 1}, 3));
    OpCase c = b.build(b.node(new Op.Relu(), y));
    OnnxModel model = new OnnxModel(c.graph(), c.weights());
    Float16Range range = Float16Range.of(model, c.inputs().get(0), 1);
    assertEquals(Set.of("huge", large), range.outside().keySet());
    assertEquals(1e5, range.outside().get("huge"), 1);
    assertEquals(Set.of(large, y), range.kept());
    assertEquals(1, range.vanishing());
    assertNear(c, Float16Writer.bytes(c.graph(), c.weights(), range.kept(), USUAL), HALF);
  }

  @Test
  void shouldFindNothingWhereAllFits() {
    OpCase c = OpCases.all().get(0);
    Float16Range range =
        Float16Range.of(new OnnxModel(c.graph(), c.weights()), c.inputs().get(0), 1);
    assertTrue(range.outside().isEmpty() && range.kept().isEmpty());
  }
}
