package org.xrv.converter.autodiff;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.xrv.core.graph.Graph;
import org.xrv.core.graph.Node;
import org.xrv.core.graph.Op;
import org.xrv.core.graph.Parameter;
import org.xrv.core.graph.Shape;
import org.xrv.core.graph.ShapeInference;
import org.xrv.core.graph.ValueInfo;

/** Makes, from a graph, the graph that also computes a gradient. */
public final class Gradients {
  private final Graph forward;
  private final Map<String, ValueInfo> values;
  private final List<Node> nodes = new ArrayList<>();
  private final Map<String, String> gradients = new HashMap<>();
  private int count;

  private Gradients(Graph forward) {
    this.forward = forward;
    this.values = ShapeInference.infer(forward);
  }

  /** The name of the gradient's output. */
  public static String outputName(String input) {
    return "d_" + input;
  }

  /**
   * A graph with the outputs of the given one, and {@code d_INPUT}: the gradient of the sum of an
   * output's elements with respect to the input. Where each sample of a batch is computed apart
   * from the others, as in inference, this is each sample's own gradient.
   *
   * @param output a float output
   * @param input a float input
   * @throws IllegalArgumentException when the output does not depend on the input, or an op between
   *     them has no rule; the message names the node
   */
  public static Graph of(Graph forward, String output, String input) {
    return new Gradients(forward).differentiate(output, input);
  }

  private Graph differentiate(String output, String input) {
    Set<String> active = dependents(input);
    if (!active.contains(output)) {
      throw new IllegalArgumentException("'" + output + "' does not depend on '" + input + "'");
    }
    List<Node> forwardNodes = new ArrayList<>(forward.nodes());
    // The gradient of a sum with respect to its terms: ones of the output's shape, whatever the
    // batch.
    String zero = add("zero", new Op.Mul(), output, constant(0));
    gradients.put(output, add("ones", new Op.Add(), zero, constant(1)));
    for (int i = forwardNodes.size() - 1; i >= 0; i--) {
      Node node = forwardNodes.get(i);
      boolean reached = node.outputs().stream().anyMatch(gradients::containsKey);
      if (reached && node.inputs().stream().anyMatch(active::contains)) {
        forwardNodes.set(i, new GradientRules(this, node, active).apply());
      }
    }
    List<Node> all = new ArrayList<>(forwardNodes);
    all.addAll(nodes);
    all.add(
        new Node(
            outputName(input),
            new Op.Identity(),
            List.of(gradients.get(input)),
            List.of(outputName(input))));
    List<String> outputs = new ArrayList<>(forward.outputs());
    outputs.add(outputName(input));
    Map<String, Parameter> parameters = new LinkedHashMap<>(forward.parameters());
    return new Graph(
        forward.name() + "-gradient",
        forward.inputs(),
        outputs,
        all,
        parameters,
        forward.metadata());
  }

  private Set<String> dependents(String input) {
    Set<String> active = new HashSet<>(Set.of(input));
    for (Node node : forward.nodes()) {
      if (node.inputs().stream().anyMatch(active::contains)) {
        active.addAll(node.outputs());
      }
    }
    return active;
  }

  /** Adds a node of the backward part with one output. */
  String add(String what, Op op, String... inputs) {
    return add(what, op, 1, inputs).get(0);
  }

  List<String> add(String what, Op op, int outputs, String... inputs) {
    String name = "grad." + count++ + "." + what;
    List<String> names = new ArrayList<>();
    for (int i = 0; i < outputs; i++) {
      names.add(outputs == 1 ? name : name + "." + i);
    }
    nodes.add(new Node(name, op, List.of(inputs), names));
    return names;
  }

  String constant(float value) {
    return add("constant", new Op.Constant(value));
  }

  Shape shape(String value) {
    return values.get(value).shape();
  }

  /** The gradient that has arrived at a value, or null. */
  String gradient(String value) {
    return gradients.get(value);
  }

  /** Adds a contribution to a value's gradient. */
  void contribute(String value, String contribution) {
    gradients.merge(value, contribution, (a, b) -> add("sum", new Op.Add(), a, b));
  }
}
