package org.xrv.samediff.build;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.xrv.core.error.ProblemException;
import org.xrv.core.graph.Node;
import org.xrv.core.reference.DoubleTensor;
import org.xrv.core.reference.OpCase;
import org.xrv.core.reference.OpCases;
import org.xrv.core.tensor.FloatTensor;

/** Every op in SameDiff against the reference, or a refusal that names op and node. */
class SameDiffOpsTest {
  /** What is refused, by the beginning of the case's name, with the reason given. */
  private static final Map<String, String> REFUSED =
      Map.of(
          "ConvTranspose dilated", "neither groups nor dilations",
          "ConvTranspose in two groups", "neither groups nor dilations",
          "ConvTranspose with output padding below the dilation", "neither groups nor dilations",
          "MaxPool with indices", "no positions of maxima",
          "Where with all three repeated", "the same shape only",
          "MatMul of a stack with one matrix", "stacks of the same shape",
          "MatMul of one matrix with a stack", "stacks of the same shape",
          "MatMul with stacks repeated", "stacks of the same shape");

  private static Optional<String> refusal(OpCase c) {
    return REFUSED.entrySet().stream()
        .filter(r -> c.name().startsWith(r.getKey()))
        .map(Map.Entry::getValue)
        .findFirst()
        .or(() -> byInput(c));
  }

  /** Cases whose indices are inputs: SameDiff is given float inputs only, so they are cast. */
  private static Optional<String> byInput(OpCase c) {
    for (Node node : c.graph().nodes()) {
      if (node.op().type().equals("ScatterElements")) {
        return Optional.of("no rule for it");
      } else if (node.op().type().equals("Gather")) {
        return Optional.of("at constant indices only");
      }
    }
    return Optional.empty();
  }

  static Stream<OpCase> supported() {
    return OpCases.all().stream().filter(c -> refusal(c).isEmpty());
  }

  static Stream<OpCase> refused() {
    return OpCases.all().stream().filter(c -> refusal(c).isPresent());
  }

  private static List<FloatTensor> run(OpCase c) {
    SameDiff network = SameDiffBuilder.network(c.graph(), c.weights());
    Map<String, INDArray> inputs = new HashMap<>();
    for (int i = 0; i < c.inputs().size(); i++) {
      inputs.put(c.graph().inputs().get(i).name(), Arrays4j.of(c.inputs().get(i)));
    }
    Map<String, INDArray> made = network.output(inputs, c.graph().outputs());
    List<FloatTensor> results = new ArrayList<>();
    c.graph().outputs().forEach(o -> results.add(Arrays4j.tensor(made.get(o))));
    return results;
  }

  @ParameterizedTest
  @MethodSource("supported")
  void shouldComputeWhatTheReferenceComputes(OpCase c) {
    List<DoubleTensor> expected = c.expected();
    List<FloatTensor> actual = run(c);
    assertEquals(expected.size(), actual.size());
    for (int i = 0; i < expected.size(); i++) {
      expected
          .get(i)
          .assertGivenBy(DoubleTensor.of(actual.get(i)), 1e-5, c.graph().outputs().get(i));
    }
  }

  @ParameterizedTest
  @MethodSource("refused")
  void shouldNameWhatItRefuses(OpCase c) {
    String message = assertThrows(ProblemException.class, () -> run(c)).getMessage();
    assertTrue(message.contains("SameDiff cannot express node '"), message);
    assertTrue(message.contains(refusal(c).orElseThrow()), message);
  }
}
