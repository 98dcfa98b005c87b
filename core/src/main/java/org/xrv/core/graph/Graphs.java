package org.xrv.core.graph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Graphs made from graphs. */
public final class Graphs {
  private Graphs() {}

  /**
   * The second graph applied to the first one's only output. Names are kept; the caller renames
   * with {@link #prefixed} where they collide.
   *
   * @throws IllegalArgumentException when shapes do not fit or names collide
   */
  public static Graph chain(String name, Graph first, Graph second) {
    Shape given = ShapeInference.infer(first).get(first.output()).shape();
    if (!given.equals(second.input().shape())) {
      throw new IllegalArgumentException(
          first.name()
              + " gives "
              + given
              + ", "
              + second.name()
              + " takes "
              + second.input().shape());
    }
    Map<String, String> rename = Map.of(second.input().name(), first.output());
    List<Node> nodes = new ArrayList<>(first.nodes());
    for (Node n : second.nodes()) {
      nodes.add(new Node(n.name(), n.op(), renamed(n.inputs(), rename), n.outputs()));
    }
    Map<String, Parameter> parameters = new LinkedHashMap<>(first.parameters());
    second
        .parameters()
        .forEach(
            (k, v) -> {
              if (parameters.put(k, v) != null) {
                throw new IllegalArgumentException("both graphs have a parameter '" + k + "'");
              }
            });
    return new Graph(
        name,
        first.inputs(),
        renamed(second.outputs(), rename),
        nodes,
        parameters,
        second.metadata());
  }

  /**
   * The graph with a prefix before the name of every node, value and parameter, so that it can be
   * joined to another.
   */
  public static Graph prefixed(Graph graph, String prefix) {
    Map<String, String> rename = new HashMap<>();
    graph.inputs().forEach(i -> rename.put(i.name(), prefix + i.name()));
    graph.parameters().keySet().forEach(p -> rename.put(p, prefix + p));
    graph.nodes().forEach(n -> n.outputs().forEach(o -> rename.put(o, prefix + o)));
    List<Node> nodes = new ArrayList<>();
    for (Node n : graph.nodes()) {
      nodes.add(
          new Node(
              prefix + n.name(),
              n.op(),
              renamed(n.inputs(), rename),
              renamed(n.outputs(), rename)));
    }
    Map<String, Parameter> parameters = new LinkedHashMap<>();
    graph
        .parameters()
        .values()
        .forEach(
            p ->
                parameters.put(
                    prefix + p.name(), new Parameter(prefix + p.name(), p.shape(), p.kind())));
    List<ValueInfo> inputs =
        graph.inputs().stream()
            .map(i -> new ValueInfo(prefix + i.name(), i.type(), i.shape()))
            .toList();
    return new Graph(
        graph.name(),
        inputs,
        renamed(graph.outputs(), rename),
        nodes,
        parameters,
        graph.metadata());
  }

  private static List<String> renamed(List<String> names, Map<String, String> rename) {
    return names.stream().map(n -> rename.getOrDefault(n, n)).toList();
  }
}
