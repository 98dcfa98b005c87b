package org.xrv.converter.onnx;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.xrv.core.graph.GraphBuilder;
import org.xrv.core.graph.Op;
import org.xrv.core.graph.Shape;

/**
 * How many times the batch a dimension is that depends on it: a transformer's heads are folded into
 * the batch, and a shape says so.
 */
final class BatchFactors {
  private static final long UNCLEAR = 0;
  private final GraphBuilder graph;
  private final Map<String, Long> factors = new HashMap<>();

  BatchFactors(GraphBuilder graph) {
    this.graph = graph;
  }

  /** Notes the outputs of a node that was just added. */
  void note(Step step) {
    for (String output : step.outputs()) {
      Shape shape = graph.shape(output);
      if (!shape.isStatic()) {
        long factor = open(shape) > 1 ? UNCLEAR : factor(step, shape);
        if (factor != 1) {
          factors.put(output, factor);
        }
      }
    }
  }

  private static long open(Shape shape) {
    return shape.dims().stream().filter(d -> d == Shape.UNKNOWN).count();
  }

  /** The product of the dimensions that do not depend on the batch. */
  static long known(Shape shape) {
    long n = 1;
    for (int d : shape.dims()) {
      n = d == Shape.UNKNOWN ? n : Math.multiplyExact(n, d);
    }
    return n;
  }

  private long factor(Step step, Shape shape) {
    Op op = step.op();
    if (op instanceof Op.Reshape || op instanceof Op.Flatten) {
      String x = step.inputs().get(0);
      long elements = Math.multiplyExact(of(x), known(graph.shape(x)));
      return elements % known(shape) == 0 ? elements / known(shape) : UNCLEAR;
    }
    boolean batches = op instanceof Op.Concat c && shape.dim(c.axis()) == Shape.UNKNOWN;
    long sum = 0;
    long most = 0;
    for (String input : step.inputs()) {
      if (!graph.shape(input).isStatic()) {
        sum += of(input);
        most = Math.max(most, of(input));
      } else if (batches) {
        return UNCLEAR;
      }
    }
    return batches ? sum : most;
  }

  /** The factor of the one open dimension of a value. */
  long of(String value) {
    return factors.getOrDefault(value, 1L);
  }

  /** A value's shape, or null where an open dimension is no multiple of the batch. */
  List<Count> shape(String value) {
    Shape shape = graph.shape(value);
    if (!shape.isStatic() && of(value) == UNCLEAR) {
      return null;
    }
    List<Count> counts = new ArrayList<>();
    for (int d : shape.dims()) {
      counts.add(d == Shape.UNKNOWN ? new Count(of(value), true) : Count.of(d));
    }
    return counts;
  }
}
