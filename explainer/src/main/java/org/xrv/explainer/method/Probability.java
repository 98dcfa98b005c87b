package org.xrv.explainer.method;

import java.util.ArrayList;
import java.util.List;
import org.xrv.core.graph.Graph;
import org.xrv.core.graph.GraphBuilder;
import org.xrv.core.graph.Node;
import org.xrv.core.graph.Op;
import org.xrv.core.modelpackage.OutputKind;

/**
 * From a classifier's outputs to one target's probability, as a number and as the end of a graph:
 * the logistic function where outputs are log odds, then the operating point t scaled to 0.5 (paper
 * of the classifiers: p / (2t) up to t, 1 - (1 - p) / (2 (1 - t)) above).
 *
 * @param outputs number of the classifier's outputs
 * @param target index of the output
 * @param operatingPoint t in (0, 1); 0.5 changes nothing
 */
record Probability(int outputs, int target, OutputKind kind, double operatingPoint) {
  static final String OUTPUT = "prediction";

  Probability {
    if (target < 0 || target >= outputs || !(operatingPoint > 0 && operatingPoint < 1)) {
      throw new IllegalArgumentException(
          "target " + target + " of " + outputs + ", operating point " + operatingPoint);
    }
  }

  /** In [0, 1]. */
  double of(double output) {
    double p = kind == OutputKind.LOGITS ? 1 / (1 + Math.exp(-output)) : output;
    double t = operatingPoint;
    if (t == 0.5) {
      return p;
    }
    return p <= t ? p / (2 * t) : 1 - (1 - p) / (2 * (1 - t));
  }

  /** [N, outputs] to the probability [N, 1]. */
  Graph graph() {
    GraphBuilder b = new GraphBuilder("probability");
    String x = part(b, b.input("outputs", outputs));
    if (kind == OutputKind.LOGITS) {
      x = b.node("sigmoid", new Op.Sigmoid(), x);
    }
    float low = (float) (1 / (2 * operatingPoint));
    float high = (float) (1 / (2 * (1 - operatingPoint)));
    if (low != high) {
      // Both branches in one line without a condition: low p + (high - low) max(p - t, 0).
      String t = b.node("t", new Op.Constant((float) operatingPoint));
      String above = b.relu("above", b.node("distance", new Op.Sub(), x, t));
      String bend = b.node("bend", new Op.Constant(high - low));
      x =
          b.node(
              "scaled",
              new Op.Add(),
              b.node("below", new Op.Mul(), x, b.node("low", new Op.Constant(low))),
              b.node("bent", new Op.Mul(), above, bend));
    }
    return b.build(b.node(new Node(OUTPUT, new Op.Identity(), List.of(x), List.of(OUTPUT))).get(0));
  }

  private String part(GraphBuilder b, String all) {
    if (outputs == 1) {
      return all;
    }
    List<Integer> sizes = new ArrayList<>();
    List<String> names = new ArrayList<>();
    if (target > 0) {
      sizes.add(target);
      names.add("before");
    }
    sizes.add(1);
    names.add("output");
    if (target < outputs - 1) {
      sizes.add(outputs - 1 - target);
      names.add("after");
    }
    b.node(new Node("target", new Op.Split(1, sizes), List.of(all), names));
    return "output";
  }
}
