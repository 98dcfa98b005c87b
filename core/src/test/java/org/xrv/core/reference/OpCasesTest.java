package org.xrv.core.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.xrv.core.graph.Op;
import org.xrv.core.graph.Shape;
import org.xrv.core.graph.ShapeInference;
import org.xrv.core.graph.ValueInfo;

/** The cases are of every op, and shape inference foretells every value's shape. */
class OpCasesTest {
  static Stream<OpCase> cases() {
    return OpCases.all().stream();
  }

  @Test
  void shouldHaveACaseAndAReferenceOfEveryOp() {
    Set<Class<?>> ops = Set.of(Op.class.getPermittedSubclasses());
    Set<Class<?>> seen = new HashSet<>();
    cases().flatMap(c -> c.graph().nodes().stream()).forEach(n -> seen.add(n.op().getClass()));
    assertEquals(ops, seen);
    assertEquals(ops, Kernels.ops());
  }

  @Test
  void shouldNameEachCaseOnce() {
    List<String> names = cases().map(OpCase::name).toList();
    assertEquals(names.size(), new HashSet<>(names).size());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void shouldHaveTheShapesThatShapeInferenceSays(OpCase c) {
    Map<String, DoubleTensor> given = ReferenceExecutor.parameters(c.graph(), c.weights());
    for (int i = 0; i < c.inputs().size(); i++) {
      given.put(c.graph().inputs().get(i).name(), DoubleTensor.of(c.inputs().get(i)));
    }
    Map<String, DoubleTensor> values = ReferenceExecutor.run(c.graph(), given, false).values();
    Map<String, ValueInfo> inferred = ShapeInference.infer(c.graph());
    assertEquals(inferred.keySet(), values.keySet());
    inferred.forEach((name, info) -> assertFits(info.shape(), values.get(name).shape(), name));
  }

  /** Only what hangs on the batch may be open. */
  private static void assertFits(Shape inferred, Shape actual, String name) {
    String both = name + ": inferred " + inferred + ", is " + actual;
    assertEquals(inferred.rank(), actual.rank(), both);
    for (int a = 0; a < actual.rank(); a++) {
      assertTrue(inferred.dim(a) == Shape.UNKNOWN || inferred.dim(a) == actual.dim(a), both);
    }
  }
}
