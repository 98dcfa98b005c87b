package org.xrv.trainer.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.xrv.converter.autodiff.Gradients;
import org.xrv.converter.torchscript.InferenceProgram;
import org.xrv.converter.torchscript.Precision;
import org.xrv.core.graph.Graph;
import org.xrv.core.reference.OpCase;
import org.xrv.core.reference.OpCases;

/** Each gradient rule as nodes, run in float64, against PyTorch's autograd of the same graph. */
class GradientRulesTest {
  private static final DjlEngine ENGINE = DjlEngine.open(Precision.FLOAT64);

  /** What has no gradient, and what mixes the samples of a batch. */
  private static final Pattern REFUSED =
      Pattern.compile("does not depend on|over the batch|along the batch|from the batch");

  @AfterAll
  static void close() {
    ENGINE.close();
  }

  static Stream<OpCase> cases() {
    return OpCases.all().stream()
        .filter(c -> c.graph().inputs().size() == 1)
        .filter(c -> gradient(c).isPresent());
  }

  private static Optional<Graph> gradient(OpCase c) {
    try {
      return Optional.of(
          Gradients.of(c.graph(), c.graph().outputs().get(0), c.graph().input().name()));
    } catch (IllegalArgumentException e) {
      assertTrue(REFUSED.matcher(e.getMessage()).find(), c.name() + ": " + e.getMessage());
      return Optional.empty();
    }
  }

  @Test
  void shouldHaveRulesForMostCases() {
    assertTrue(cases().count() > 150, cases().count() + " cases");
  }

  @ParameterizedTest
  @MethodSource("cases")
  void shouldEqualAutogradInFloat64(OpCase c) {
    try (NDManager scope = ENGINE.newScope()) {
      double[] expected = run(scope, c, c.graph(), "gradient", 1);
      Graph graph = gradient(c).orElseThrow();
      double[] actual = run(scope, c, graph, "run", graph.outputs().size() - 1);
      double largest = Arrays.stream(expected).map(Math::abs).max().orElse(0);
      assertEquals(expected.length, actual.length);
      for (int i = 0; i < expected.length; i++) {
        assertEquals(expected[i], actual[i], 1e-10 * largest, c.name() + " at " + i);
      }
    }
  }

  private static double[] run(NDManager scope, OpCase c, Graph graph, String method, int result) {
    InferenceProgram program = InferenceProgram.compile(graph, Precision.FLOAT64);
    NDList weights = DjlEngine.load(scope, program.parameters(), c.weights(), Precision.FLOAT64);
    NDArray x = DjlEngine.array(scope, c.inputs().get(0), Precision.FLOAT64);
    return new DjlProgram(scope, program.archive())
        .call(
            method,
            List.of(x),
            weights.isEmpty() ? List.of() : List.of(DjlProgram.list("w", weights)))
        .get(result)
        .toDoubleArray();
  }
}
