package org.xrv.core.reference;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.xrv.core.graph.ElementType;
import org.xrv.core.graph.GraphBuilder;
import org.xrv.core.graph.Node;
import org.xrv.core.graph.Op;
import org.xrv.core.graph.ParameterKind;
import org.xrv.core.graph.Shape;
import org.xrv.core.random.KeyedRandom;
import org.xrv.core.tensor.FloatTensor;
import org.xrv.core.tensor.NamedTensors;

/**
 * Builds a graph together with its weights and inputs, whose values depend on the names of case and
 * tensor only.
 */
public final class CaseBuilder {
  private final String name;
  private final int batch;
  private final GraphBuilder graph = new GraphBuilder("case");
  private final Map<String, FloatTensor> weights = new LinkedHashMap<>();
  private final List<FloatTensor> inputs = new ArrayList<>();
  private int nodes;

  public CaseBuilder(String name, int batch) {
    this.name = name;
    this.batch = batch;
  }

  /** An input with the batch before these dimensions, uniform in [-2, 2). */
  public String input(String input, int... dimsAfterBatch) {
    return input(-2, 2, input, dimsAfterBatch);
  }

  public String input(double low, double high, String input, int... dimsAfterBatch) {
    graph.input(input, dimsAfterBatch);
    inputs.add(uniform(input, low, high, graph.shape(input).withBatch(batch)));
    return input;
  }

  /** An input of these numbers, repeated for each item of the batch. */
  public String given(String input, float[] values, int... dimsAfterBatch) {
    graph.input(input, dimsAfterBatch);
    float[] all = new float[batch * values.length];
    for (int i = 0; i < all.length; i++) {
      all[i] = values[i % values.length];
    }
    inputs.add(new FloatTensor(graph.shape(input).withBatch(batch), all));
    return input;
  }

  /** A weight uniform in [-1, 1). */
  public String weight(String parameter, int... dims) {
    return weight(-1, 1, ParameterKind.CONV_WEIGHT, parameter, dims);
  }

  public String weight(double low, double high, ParameterKind kind, String parameter, int... dims) {
    Shape shape = Shape.of(dims);
    weights.put(parameter, uniform(parameter, low, high, shape));
    return graph.parameter(parameter, kind, dims);
  }

  /** Constant numbers that no optimizer touches. */
  public String constant(String parameter, float[] values, int... dims) {
    weights.put(parameter, new FloatTensor(Shape.of(dims), values));
    return graph.parameter(parameter, ParameterKind.CONSTANT, dims);
  }

  /** Indices: constant numbers made integers. */
  public String indices(String parameter, float[] values, int... dims) {
    return node(new Op.Cast(ElementType.INT64), constant(parameter, values, dims));
  }

  public String node(Op op, String... in) {
    return nodes(op, 1, in).get(0);
  }

  public List<String> nodes(Op op, int outputs, String... in) {
    String node = op.type() + nodes++;
    List<String> out = new ArrayList<>();
    for (int i = 0; i < outputs; i++) {
      out.add(i == 0 ? node : node + "." + i);
    }
    return graph.node(new Node(node, op, Arrays.asList(in), out));
  }

  /** Booleans and integers as floats, so that they can be outputs. */
  public String toFloat(String value) {
    return node(new Op.Cast(ElementType.FLOAT), value);
  }

  public OpCase build(String... outputs) {
    String title = name + ", batch " + batch;
    return new OpCase(title, graph.build(outputs), new NamedTensors(weights), inputs);
  }

  private FloatTensor uniform(String tensor, double low, double high, Shape shape) {
    KeyedRandom random = KeyedRandom.of(17, name, tensor);
    FloatTensor t = FloatTensor.zeros(shape);
    for (int i = 0; i < t.data().length; i++) {
      t.data()[i] = (float) random.nextDouble(low, high);
    }
    return t;
  }
}
