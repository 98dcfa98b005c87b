package org.xrv.converter.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.xrv.converter.onnx.OnnxFacts;
import org.xrv.core.graph.Graph;
import org.xrv.core.graph.MultiplyAdds;
import org.xrv.core.graph.Node;
import org.xrv.core.graph.Parameter;
import org.xrv.core.graph.ShapeInference;
import org.xrv.core.graph.ValueInfo;

/** Tells what an ONNX file holds: what it says about itself, then its layers. */
final class OnnxInspection {
  private static final ObjectMapper JSON = new ObjectMapper();
  private final String name;
  private final OnnxFacts facts;

  OnnxInspection(String name, OnnxFacts facts) {
    this.name = name;
    this.facts = facts;
  }

  /** Without its layers, which need a graph. */
  Inspection header() {
    ObjectNode json = JSON.createObjectNode();
    List<String> lines = new ArrayList<>();
    long weightBytes = facts.weights().stream().mapToLong(OnnxFacts.Weight::bytes).sum();
    lines.add(
        name
            + ": ONNX, opset "
            + facts.opset()
            + ", IR version "
            + facts.irVersion()
            + (facts.producer().isEmpty() ? "" : ", written by " + facts.producer())
            + ", "
            + bytes(facts.bytes()));
    json.put("file", name)
        .put("format", "onnx")
        .put("bytes", facts.bytes())
        .put("opset", facts.opset())
        .put("irVersion", facts.irVersion())
        .put("producer", facts.producer())
        .put("graph", facts.graph());
    ObjectNode domains = json.putObject("opsets");
    facts.opsets().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(e -> domains.put(e.getKey(), e.getValue()));
    values(lines, json.putArray("inputs"), "input ", facts.inputs());
    values(lines, json.putArray("outputs"), "output", facts.outputs());
    ObjectNode metadata = json.putObject("metadata");
    facts
        .metadata()
        .forEach(
            (k, v) -> {
              metadata.put(k, v);
              lines.add("metadata  " + k + ": " + shortened(v));
            });
    ObjectNode ops = json.putObject("ops");
    facts.ops().forEach(ops::put);
    lines.add(
        "nodes     "
            + facts.ops().entrySet().stream()
                .map(e -> e.getKey() + " " + e.getValue())
                .collect(Collectors.joining(", ")));
    List<String> external =
        facts.weights().stream()
            .map(OnnxFacts.Weight::external)
            .filter(e -> !e.isEmpty())
            .distinct()
            .toList();
    String types =
        facts.weights().stream()
            .collect(
                Collectors.groupingBy(
                    OnnxFacts.Weight::type, java.util.TreeMap::new, Collectors.counting()))
            .entrySet()
            .stream()
            .map(e -> e.getKey() + " " + e.getValue())
            .collect(Collectors.joining(", "));
    lines.add(
        "weights   "
            + bytes(weightBytes)
            + (types.isEmpty() ? "" : " (tensors: " + types + ")")
            + (external.isEmpty() ? "" : ", beside it in " + String.join(", ", external)));
    json.put("weightBytes", weightBytes);
    external.forEach(json.putArray("externalFiles")::add);
    ArrayNode weights = json.putArray("weights");
    for (OnnxFacts.Weight w : facts.weights()) {
      ObjectNode one = weights.addObject().put("name", w.name()).put("type", w.type());
      w.shape().forEach(one.putArray("shape")::add);
      one.put("bytes", w.bytes());
    }
    return new Inspection(lines, json);
  }

  private static void values(
      List<String> lines, ArrayNode json, String what, List<OnnxFacts.Value> values) {
    for (OnnxFacts.Value v : values) {
      lines.add(what + "    " + v.name() + "  " + v.type() + "  " + v.shape());
      json.addObject().put("name", v.name()).put("type", v.type()).put("shape", v.shape());
    }
  }

  private static String shortened(String text) {
    String line = text.replaceAll("\\s+", " ");
    return line.length() <= 100 ? line : line.substring(0, 100) + " ...";
  }

  /**
   * With its layers.
   *
   * @param all whether layers without weights and multiply-adds are lines too; in JSON they always
   *     are
   */
  Inspection whole(Graph graph, boolean all) {
    Inspection header = header();
    List<String> lines = new ArrayList<>(header.lines());
    ObjectNode json = header.json();
    Map<String, ValueInfo> shapes = ShapeInference.infer(graph);
    Map<String, Long> counts = MultiplyAdds.of(graph);
    TextTable table = new TextTable("layer", "op", "output", " parameters", " multiply-adds");
    ArrayNode layers = json.putArray("layers");
    Set<String> counted = new HashSet<>();
    for (Node node : graph.nodes()) {
      long parameters = 0;
      for (String input : node.inputs()) {
        Parameter p = graph.parameters().get(input);
        parameters += p != null && counted.add(input) ? p.shape().elements() : 0;
      }
      long work = counts.get(node.name());
      String shape = shapes.get(node.output()).shape().toString();
      layers
          .addObject()
          .put("name", node.name())
          .put("op", node.op().type())
          .put("output", shape)
          .put("parameters", parameters)
          .put("multiplyAdds", work);
      if (all || parameters + work > 0) {
        table.row(node.name(), node.op().type(), shape, number(parameters), number(work));
      }
    }
    long parameters =
        graph.parameters().values().stream().mapToLong(p -> p.shape().elements()).sum();
    long work = counts.values().stream().mapToLong(Long::longValue).sum();
    table.row("total", "", "", number(parameters), number(work));
    json.put("parameters", parameters)
        .put("multiplyAdds", work)
        .put("trainable", graph.trainableCount())
        .put("nodes", graph.nodes().size());
    lines.add("");
    lines.addAll(table.lines());
    lines.add(
        String.format(
            Locale.ROOT,
            "for one image %s multiply-adds (%s FLOP); %,d trainable parameters; %s as float32",
            rounded(work),
            rounded(2 * work),
            graph.trainableCount(),
            bytes(4 * parameters)));
    return new Inspection(lines, json);
  }

  private static String rounded(long n) {
    return n < 1_000_000_000
        ? String.format(Locale.ROOT, "%.2f M", n / 1e6)
        : String.format(Locale.ROOT, "%.2f G", n / 1e9);
  }

  static String number(long n) {
    return n == 0 ? "" : String.format(Locale.ROOT, "%,d", n);
  }

  static String bytes(long n) {
    return n < 1_000_000
        ? String.format(Locale.ROOT, "%,d bytes", n)
        : String.format(Locale.ROOT, "%.1f MB", n / 1e6);
  }
}
