package org.xrv.core.graph;

import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * An immutable network.
 *
 * @param inputs what a caller gives; the first dimension is the symbolic batch
 * @param outputs names of the values that a caller gets
 * @param nodes in topological order
 * @param parameters by name, in the order of their declaration
 * @param metadata free text that travels in the file
 */
public record Graph(
    String name,
    List<ValueInfo> inputs,
    List<String> outputs,
    List<Node> nodes,
    Map<String, Parameter> parameters,
    Map<String, String> metadata) {
  public Graph {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    nodes = List.copyOf(nodes);
    parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
    metadata = Collections.unmodifiableMap(new TreeMap<>(metadata));
    Set<String> known = new HashSet<>(parameters.keySet());
    for (ValueInfo input : inputs) {
      define(known, input.name(), "input");
    }
    Set<String> nodeNames = new HashSet<>();
    for (Node node : nodes) {
      define(nodeNames, node.name(), "node");
      for (String input : node.inputs()) {
        if (!known.contains(input)) {
          throw new IllegalArgumentException(
              "node '"
                  + node.name()
                  + "' ("
                  + node.op().type()
                  + ") uses '"
                  + input
                  + "', which nothing before it defines");
        }
      }
      for (String output : node.outputs()) {
        define(known, output, "output of node '" + node.name() + "':");
      }
    }
    for (String output : outputs) {
      if (!known.contains(output)) {
        throw new IllegalArgumentException("output '" + output + "' is not defined");
      }
    }
  }

  private static void define(Set<String> known, String name, String what) {
    if (!known.add(name)) {
      throw new IllegalArgumentException(what + " '" + name + "' is defined twice");
    }
  }

  /** The number of trainable scalars. */
  public long trainableCount() {
    return parameters.values().stream()
        .filter(p -> p.kind().trainable())
        .mapToLong(p -> p.shape().elements())
        .sum();
  }

  /** The only input; an error if there are several. */
  public ValueInfo input() {
    if (inputs.size() != 1) {
      throw new IllegalStateException(name + " has " + inputs.size() + " inputs");
    }
    return inputs.get(0);
  }

  /** The only output; an error if there are several. */
  public String output() {
    if (outputs.size() != 1) {
      throw new IllegalStateException(name + " has " + outputs.size() + " outputs");
    }
    return outputs.get(0);
  }

  public Graph withMetadata(Map<String, String> metadata) {
    return new Graph(name, inputs, outputs, nodes, parameters, metadata);
  }

  /** The same inputs and outputs, computed otherwise. */
  public Graph withNodes(List<Node> nodes, Map<String, Parameter> parameters) {
    return new Graph(name, inputs, outputs, nodes, parameters, metadata);
  }

  public Graph withOutputs(List<String> outputs) {
    return new Graph(name, inputs, outputs, nodes, parameters, metadata);
  }
}
