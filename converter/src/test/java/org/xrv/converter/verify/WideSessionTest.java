package org.xrv.converter.verify;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.xrv.converter.onnxruntime.WideTensor;
import org.xrv.core.reference.DoubleTensor;
import org.xrv.core.reference.OpCase;
import org.xrv.core.reference.OpCases;

/** Every op in float64 against the reference. */
class WideSessionTest {
  static Stream<OpCase> cases() {
    return OpCases.all().stream();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void shouldComputeWhatTheReferenceComputes(OpCase c) {
    Map<String, WideTensor> inputs = new LinkedHashMap<>();
    for (int i = 0; i < c.inputs().size(); i++) {
      inputs.put(c.graph().inputs().get(i).name(), WideTensor.of(c.inputs().get(i)));
    }
    List<DoubleTensor> expected = c.expected();
    try (WideSession session = WideSession.open(c.graph(), c.weights(), 1)) {
      Map<String, WideTensor> actual = session.run(inputs, Map.of());
      for (int i = 0; i < expected.size(); i++) {
        WideTensor y = actual.get(c.graph().outputs().get(i));
        // Float attributes are read as decimals by the reference and as they are by ONNX Runtime.
        expected.get(i).assertGivenBy(new DoubleTensor(y.shape(), y.data()), 1e-7, c.name());
      }
    }
  }
}
