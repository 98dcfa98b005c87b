package org.xrv.converter.composition;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.xrv.converter.onnx.OnnxModel;
import org.xrv.core.graph.ElementType;
import org.xrv.core.graph.GraphBuilder;
import org.xrv.core.graph.Node;
import org.xrv.core.graph.Op;
import org.xrv.core.graph.ParameterKind;
import org.xrv.core.graph.Shape;
import org.xrv.core.modelpackage.OutputKind;
import org.xrv.core.modelpackage.TargetDescription.OperatingPoint;
import org.xrv.core.tensor.FloatTensor;
import org.xrv.core.tensor.NamedTensors;

/**
 * From a classifier's outputs to one target's prediction, as a number and as the end of a graph:
 * the logistic function where outputs are log odds, then the operating point t scaled to 0.5 (paper
 * of the classifiers: p / (2t) up to t, 1 - (1 - p) / (2 (1 - t)) above).
 *
 * @param outputs number of the classifier's outputs
 * @param kind what the outputs are
 * @param operatingPoints t in (0, 1) per output, 0.5 changing nothing; empty for none
 */
public record Prediction(int outputs, OutputKind kind, List<Double> operatingPoints) {
  public Prediction {
    Objects.requireNonNull(kind);
    operatingPoints = List.copyOf(operatingPoints);
    if (outputs < 1
        || (!operatingPoints.isEmpty() && operatingPoints.size() != outputs)
        || operatingPoints.stream().anyMatch(t -> !(t > 0 && t < 1))) {
      throw new IllegalArgumentException(
          outputs + " outputs with operating points " + operatingPoints);
    }
  }

  private double point(int target) {
    return operatingPoints.isEmpty() ? OperatingPoint.NEUTRAL : operatingPoints.get(target);
  }

  /** In [0, 1], from the output of a target. */
  public double of(double output, int target) {
    double p = kind == OutputKind.LOGITS ? 1 / (1 + Math.exp(-output)) : output;
    double t = point(target);
    if (t == OperatingPoint.NEUTRAL) {
      return p;
    }
    return p <= t ? p / (2 * t) : 1 - (1 - p) / (2 * (1 - t));
  }

  /** [N, outputs] to the chosen outputs and their predictions, both [N, 1]. */
  OnnxModel graph(Target target) {
    return new Head(target).build();
  }

  private final class Head {
    private final GraphBuilder b = new GraphBuilder("prediction");
    private final Map<String, FloatTensor> weights = new LinkedHashMap<>();
    private final Target target;
    private String mask;

    Head(Target target) {
      this.target = target;
    }

    OnnxModel build() {
      String all = b.input("outputs", outputs);
      String chosen = target instanceof Target.Fixed fixed ? part(all, fixed.index()) : picked(all);
      String output = named("output", chosen);
      String x = kind == OutputKind.LOGITS ? b.node("sigmoid", new Op.Sigmoid(), output) : output;
      String prediction = named("prediction", scaled(x));
      return new OnnxModel(b.build(output, prediction), new NamedTensors(weights));
    }

    private String named(String name, String value) {
      return b.node(new Node(name, new Op.Identity(), List.of(value), List.of(name))).get(0);
    }

    private String part(String all, int index) {
      if (index >= outputs) {
        throw new IllegalArgumentException("target " + index + " of " + outputs);
      }
      if (outputs == 1) {
        return all;
      }
      List<Integer> sizes = new ArrayList<>();
      List<String> names = new ArrayList<>();
      if (index > 0) {
        sizes.add(index);
        names.add("before");
      }
      sizes.add(1);
      names.add("part");
      if (index < outputs - 1) {
        sizes.add(outputs - 1 - index);
        names.add("after");
      }
      b.node(new Node("split", new Op.Split(1, sizes), List.of(all), names));
      return "part";
    }

    /**
     * Each sample's own target. The index is looked up among the numbers that there are, so that a
     * runtime refuses one that there is not; then it masks the outputs.
     */
    private String picked(String all) {
      String given = b.input("target", ElementType.INT64, Shape.of(Shape.UNKNOWN));
      String numbers =
          constant("numbers", IntStream.range(0, outputs).mapToObj(i -> (double) i).toList());
      String flat = b.node("flat", new Op.Reshape(List.of(-1)), numbers);
      String index = b.node("index", new Op.Gather(0), flat, given);
      String column = b.node("column", new Op.Reshape(List.of(-1, 1)), index);
      String apart = b.node("apart", new Op.Abs(), b.node("from", new Op.Sub(), numbers, column));
      mask = b.node("mask", new Op.Greater(), b.node("half", new Op.Constant(0.5f)), apart);
      return chosen("chosen", all);
    }

    /** The masked number of each sample's row. */
    private String chosen(String name, String values) {
      String zero = b.node(name + ".zero", new Op.Constant(0));
      String only = b.node(name + ".only", new Op.Where(), mask, values, zero);
      return b.node(name, new Op.ReduceSum(List.of(1), true), only);
    }

    private String constant(String name, List<Double> values) {
      FloatTensor tensor = FloatTensor.zeros(Shape.of(1, values.size()));
      for (int i = 0; i < values.size(); i++) {
        tensor.data()[i] = values.get(i).floatValue();
      }
      weights.put(name, tensor);
      return b.parameter(name, ParameterKind.CONSTANT, 1, values.size());
    }

    private String scaled(String p) {
      List<Double> points =
          target instanceof Target.Fixed fixed
              ? List.of(point(fixed.index()))
              : IntStream.range(0, outputs).mapToObj(Prediction.this::point).toList();
      if (points.stream().allMatch(t -> t == OperatingPoint.NEUTRAL)) {
        return p;
      }
      // Both branches in one line without a condition: low p + (high - low) max(p - t, 0).
      String t = factor("point", points);
      String low = factor("low", points.stream().map(v -> 1 / (2 * v)).toList());
      String bend =
          factor("bend", points.stream().map(v -> 1 / (2 * (1 - v)) - 1 / (2 * v)).toList());
      String above = b.relu("above", b.node("distance", new Op.Sub(), p, t));
      return b.node(
          "scaled",
          new Op.Add(),
          b.node("below", new Op.Mul(), p, low),
          b.node("bent", new Op.Mul(), above, bend));
    }

    private String factor(String name, List<Double> values) {
      return target instanceof Target.Fixed
          ? b.node(name, new Op.Constant(values.get(0).floatValue()))
          : chosen(name, constant(name + ".all", values));
    }
  }
}
