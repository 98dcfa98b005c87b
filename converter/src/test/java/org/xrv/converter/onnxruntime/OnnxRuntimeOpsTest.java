package org.xrv.converter.onnxruntime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.xrv.converter.onnx.OnnxModel;
import org.xrv.converter.onnx.OnnxReader;
import org.xrv.converter.onnx.OnnxWriter;
import org.xrv.core.error.ProblemException;
import org.xrv.core.reference.DoubleTensor;
import org.xrv.core.reference.OpCase;
import org.xrv.core.reference.OpCases;
import org.xrv.core.reference.ReferenceExecutor;
import org.xrv.core.tensor.FloatTensor;

/** Every op, written as ONNX: what ONNX Runtime computes, and what is read back. */
class OnnxRuntimeOpsTest {
  /**
   * What ONNX Runtime refuses though ONNX allows it, by the beginning of the case's name, with its
   * reason: it takes an output padding only below the stride, which leaves no doubt about the size
   * of the input (a network for it must be exported with a Pad behind the ConvTranspose instead).
   */
  private static final Map<String, String> REFUSED =
      Map.of(
          "ConvTranspose with output padding below the dilation, ",
          "output_padding (1) may be too large for stride (1)",
          "ConvTranspose with output padding of the stride, ",
          "output_padding[0] (1) must be less than max(stride, dilation) (1)");

  static Stream<OpCase> cases() {
    return OpCases.all().stream();
  }

  private static Optional<String> refusal(OpCase c) {
    return REFUSED.entrySet().stream()
        .filter(r -> c.name().startsWith(r.getKey()))
        .map(Map.Entry::getValue)
        .findFirst();
  }

  static Stream<OpCase> supported() {
    return cases().filter(c -> refusal(c).isEmpty());
  }

  static Stream<OpCase> refused() {
    return cases().filter(c -> refusal(c).isPresent());
  }

  @ParameterizedTest
  @MethodSource("supported")
  void shouldComputeWhatTheReferenceComputes(OpCase c) {
    Map<String, FloatTensor> actual = run(c);
    List<DoubleTensor> expected = c.expected();
    for (int i = 0; i < expected.size(); i++) {
      String output = c.graph().outputs().get(i);
      expected.get(i).assertGivenBy(DoubleTensor.of(actual.get(output)), 1e-5, output);
    }
  }

  private static Map<String, FloatTensor> run(OpCase c) {
    Map<String, FloatTensor> inputs = new LinkedHashMap<>();
    for (int i = 0; i < c.inputs().size(); i++) {
      inputs.put(c.graph().inputs().get(i).name(), c.inputs().get(i));
    }
    byte[] model = OnnxWriter.bytes(c.graph(), c.weights());
    try (OnnxRunner runner = OnnxRunner.open(c.name(), model, 1)) {
      return runner.run(inputs);
    }
  }

  @ParameterizedTest
  @MethodSource("refused")
  void shouldSayWhatOnnxRuntimeRefuses(OpCase c) {
    String message = assertThrows(ProblemException.class, () -> run(c)).getMessage();
    assertTrue(message.contains(refusal(c).orElseThrow()), message);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void shouldReadBackWhatWasWritten(OpCase c) {
    OnnxModel read = OnnxReader.read(c.name(), OnnxWriter.bytes(c.graph(), c.weights()));
    assertEquals(c.graph().inputs(), read.graph().inputs());
    assertEquals(c.graph().outputs(), read.graph().outputs());
    List<DoubleTensor> expected = c.expected();
    List<DoubleTensor> actual = ReferenceExecutor.run(read.graph(), read.weights(), c.inputs());
    for (int i = 0; i < expected.size(); i++) {
      expected.get(i).assertGivenBy(actual.get(i), 0, c.graph().outputs().get(i));
    }
  }
}
