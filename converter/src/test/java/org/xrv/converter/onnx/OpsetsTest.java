package org.xrv.converter.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.bytedeco.onnx.global.onnx;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.xrv.converter.onnxruntime.OnnxRunner;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.graph.Node;
import org.xrv.core.graph.Op;
import org.xrv.core.reference.DoubleTensor;
import org.xrv.core.reference.OpCase;
import org.xrv.core.reference.OpCases;
import org.xrv.core.tensor.FloatTensor;

/**
 * Every op in every operator set that is written: the official checker takes it (up to its own
 * newest set), ONNX Runtime computes it, and it is read back.
 */
class OpsetsTest {
  /** The newest set of the checker in the tests, ONNX 1.17. */
  private static final int CHECKED = 22;

  @TempDir Path folder;

  static IntStream opsets() {
    return IntStream.rangeClosed(OnnxForm.OLDEST, OnnxForm.NEWEST);
  }

  /** Cases, the first of each op, that have all ops between them. */
  private static List<OpCase> cases() {
    Set<Class<?>> seen = new HashSet<>();
    List<OpCase> chosen = new ArrayList<>();
    for (OpCase c : OpCases.all()) {
      boolean fresh = false;
      for (Node n : c.graph().nodes()) {
        fresh |= seen.add(n.op().getClass());
      }
      if (fresh) {
        chosen.add(c);
      }
    }
    assertEquals(Set.of(Op.class.getPermittedSubclasses()), seen);
    return chosen;
  }

  private static boolean scatters(OpCase c) {
    return c.graph().nodes().stream().anyMatch(n -> n.op() instanceof Op.ScatterElements);
  }

  @ParameterizedTest
  @MethodSource("opsets")
  void shouldWriteEveryOp(int opset) {
    for (OpCase c : cases()) {
      if (opset < 16 && scatters(c)) {
        continue; // the next test
      }
      Path file = folder.resolve("case.onnx");
      OnnxWriter.write(c.graph(), c.weights(), file, OnnxForm.opset(opset));
      if (opset <= CHECKED) {
        onnx.check_model(file.toString(), true, false, false);
      }
      Map<String, FloatTensor> inputs = new LinkedHashMap<>();
      for (int i = 0; i < c.inputs().size(); i++) {
        inputs.put(c.graph().inputs().get(i).name(), c.inputs().get(i));
      }
      try (OnnxRunner runner = OnnxRunner.open(file, 1)) {
        Map<String, FloatTensor> actual = runner.run(inputs);
        List<DoubleTensor> expected = c.expected();
        for (int i = 0; i < expected.size(); i++) {
          String output = c.graph().outputs().get(i);
          expected.get(i).assertGivenBy(DoubleTensor.of(actual.get(output)), 1e-5, c.name());
        }
      }
      OnnxModel read = OnnxReader.read(file);
      assertEquals(c.graph().outputs(), read.graph().outputs());
      assertEquals(opset, OnnxReader.facts(file).opset());
    }
  }

  @Test
  void shouldNameOpNodeAndOpsetOfWhatDoesNotExistYet() {
    OpCase scattering = cases().stream().filter(OpsetsTest::scatters).findFirst().orElseThrow();
    ProblemException e =
        assertThrows(
            ProblemException.class,
            () -> OnnxWriter.bytes(scattering.graph(), scattering.weights(), OnnxForm.opset(15)));
    assertTrue(
        e.getMessage().contains("ScatterElements") && e.getMessage().contains("opset 15"),
        e.getMessage());
    for (int unknown : new int[] {12, 27, 0, -1}) {
      assertEquals(
          ProblemKind.USAGE,
          assertThrows(ProblemException.class, () -> OnnxForm.opset(unknown)).kind());
    }
  }
}
