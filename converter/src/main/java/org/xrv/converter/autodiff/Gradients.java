package org.xrv.converter.autodiff;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.xrv.core.graph.ElementType;
import org.xrv.core.graph.Graph;
import org.xrv.core.graph.Node;
import org.xrv.core.graph.Op;
import org.xrv.core.graph.Shape;
import org.xrv.core.graph.ShapeInference;
import org.xrv.core.graph.ValueInfo;

/** Makes, from a graph, the graph that also computes a gradient. */
public final class Gradients {
  private final Graph forward;
  private final ReluRule relus;
  private final Map<String, ValueInfo> values;
  private final Map<String, Node> producers = new HashMap<>();
  private final Map<String, Integer> uses = new HashMap<>();
  private final List<Node> nodes = new ArrayList<>();
  private final Map<String, String> gradients = new HashMap<>();
  private final Map<Float, String> constants = new HashMap<>();
  private final BatchNormFolding folding;
  private int count;

  private Gradients(Graph forward, ReluRule relus) {
    this.forward = forward;
    this.relus = relus;
    this.values = ShapeInference.infer(forward);
    this.folding = new BatchNormFolding(this, relus);
    for (Node node : forward.nodes()) {
      node.outputs().forEach(o -> producers.put(o, node));
      node.inputs().forEach(i -> uses.merge(i, 1, Integer::sum));
    }
  }

  /** The name of the gradient's output. */
  public static String outputName(String input) {
    return "d_" + input;
  }

  /** The gradient with the derivative of each op. */
  public static Graph of(Graph forward, String output, String input) {
    return of(forward, output, input, ReluRule.EXACT);
  }

  /**
   * A graph with the outputs of the given one, and {@code d_INPUT}: the gradient of the sum of an
   * output's elements with respect to the input. Where each sample of a batch is computed apart
   * from the others, as in inference, this is each sample's own gradient.
   *
   * @param output a float output
   * @param input a float input
   * @param relus what the gradient does at rectifiers
   * @throws IllegalArgumentException when the output does not depend on the input, or an op between
   *     them has no rule; the message names the node
   */
  public static Graph of(Graph forward, String output, String input, ReluRule relus) {
    return new Gradients(forward, relus).differentiate(output, input);
  }

  private Graph differentiate(String output, String input) {
    Set<String> active = dependents(input);
    if (!active.contains(output)) {
      throw new IllegalArgumentException(
          "'"
              + output
              + "' does not depend on '"
              + input
              + "' (comparisons, signs and whole numbers have no gradient)");
    }
    List<Node> forwardNodes = new ArrayList<>(forward.nodes());
    // The gradient of a sum with respect to its terms: ones of the output's shape, whatever the
    // batch. Nothing is greater than itself.
    String never = add("never", new Op.Greater(), output, output);
    String zero = add("zero", new Op.Cast(ElementType.FLOAT), never);
    gradients.put(output, add("ones", new Op.Add(), zero, constant(1)));
    for (int i = forwardNodes.size() - 1; i >= 0; i--) {
      Node node = forwardNodes.get(i);
      boolean reached = node.outputs().stream().anyMatch(gradients::containsKey);
      if (reached && node.outputs().stream().anyMatch(active::contains)) {
        forwardNodes.set(i, new GradientRules(this, node, active, relus).apply());
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
    return new Graph(
        forward.name() + "-gradient",
        forward.inputs(),
        outputs,
        all,
        forward.parameters(),
        forward.metadata());
  }

  /** What changes with the input little by little. */
  private Set<String> dependents(String input) {
    Set<String> active = new HashSet<>(Set.of(input));
    for (Node node : forward.nodes()) {
      if (!(node.op() instanceof Op.Sign)
          && differentiated(node).stream().anyMatch(active::contains)) {
        node.outputs().stream().filter(this::isReal).forEach(active::add);
      }
    }
    return active;
  }

  /** The inputs whose numbers count little by little. */
  private static List<String> differentiated(Node node) {
    if (node.op() instanceof Op.Where) {
      return node.inputs().subList(1, 3);
    }
    // Of Expand's second input only the size counts.
    return node.op() instanceof Op.Expand ? node.inputs().subList(0, 1) : node.inputs();
  }

  private boolean isReal(String value) {
    ElementType type = type(value);
    return type != ElementType.BOOL && type != ElementType.INT64;
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
    return constants.computeIfAbsent(value, v -> add("constant", new Op.Constant(v)));
  }

  /** A constant of ones: one of them, surrounded by padding. */
  String ones(List<Integer> shape) {
    List<Integer> pads = new ArrayList<>(Collections.nCopies(shape.size(), 0));
    shape.forEach(d -> pads.add(d - 1));
    String one = add("one", new Op.Reshape(Collections.nCopies(shape.size(), 1)), constant(1));
    return pads.stream().allMatch(p -> p == 0) ? one : add("ones", new Op.Pad(pads, 1), one);
  }

  Shape shape(String value) {
    return values.get(value).shape();
  }

  ElementType type(String value) {
    return values.get(value).type();
  }

  /** The forward node that makes a value, or null. */
  Node producer(String value) {
    return producers.get(value);
  }

  /** How many inputs of forward nodes a value is. */
  int uses(String value) {
    return uses.getOrDefault(value, 0);
  }

  BatchNormFolding folding() {
    return folding;
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
