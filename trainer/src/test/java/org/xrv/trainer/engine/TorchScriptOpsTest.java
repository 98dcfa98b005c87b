package org.xrv.trainer.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.xrv.converter.torchscript.InferenceProgram;
import org.xrv.converter.torchscript.Precision;
import org.xrv.core.graph.Shape;
import org.xrv.core.reference.DoubleTensor;
import org.xrv.core.reference.OpCase;
import org.xrv.core.reference.OpCases;
import org.xrv.core.tensor.FloatTensor;

/**
 * Every op in PyTorch, in both precisions, against the reference; there is none without a program.
 */
class TorchScriptOpsTest {
  private static final DjlEngine FLOAT32 = DjlEngine.open();
  private static final DjlEngine FLOAT64 = DjlEngine.open(Precision.FLOAT64);

  @AfterAll
  static void close() {
    FLOAT32.close();
    FLOAT64.close();
  }

  static Stream<OpCase> cases() {
    return OpCases.all().stream();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void shouldComputeWhatTheReferenceComputesInFloat32(OpCase c) {
    try (InferenceSession session = FLOAT32.infer(c.graph(), c.weights())) {
      List<FloatTensor> actual = session.run(c.inputs());
      assertGives(c, actual.stream().map(DoubleTensor::of).toList(), 1e-5);
    }
  }

  /** The session's results are float32, so the program is called here itself. */
  @ParameterizedTest
  @MethodSource("cases")
  void shouldComputeWhatTheReferenceComputesInFloat64(OpCase c) {
    InferenceProgram program = InferenceProgram.compile(c.graph(), Precision.FLOAT64);
    try (NDManager scope = FLOAT64.newScope()) {
      NDList weights = DjlEngine.load(scope, program.parameters(), c.weights(), Precision.FLOAT64);
      List<NDArray> inputs =
          c.inputs().stream().map(t -> DjlEngine.array(scope, t, Precision.FLOAT64)).toList();
      List<DoubleTensor> actual = new ArrayList<>();
      for (NDArray y :
          new DjlProgram(scope, program.archive())
              .call("run", inputs, List.of(DjlProgram.list("w", weights)))) {
        assertEquals(DataType.FLOAT64, y.getDataType());
        List<Integer> dims =
            Arrays.stream(y.getShape().getShape()).mapToObj(Math::toIntExact).toList();
        actual.add(new DoubleTensor(new Shape(dims), y.toDoubleArray()));
      }
      assertGives(c, actual, 1e-10);
    }
  }

  private static void assertGives(OpCase c, List<DoubleTensor> actual, double limit) {
    List<DoubleTensor> expected = c.expected();
    assertEquals(expected.size(), actual.size());
    for (int i = 0; i < expected.size(); i++) {
      expected.get(i).assertGivenBy(actual.get(i), limit, c.graph().outputs().get(i));
    }
  }
}
