package org.xrv.converter.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.xrv.converter.torch.TorchCheckpoint;
import org.xrv.core.tensor.FloatTensor;
import org.xrv.core.tensor.NamedTensors;
import org.xrv.core.tensor.Safetensors;

/** Tells what a file of named tensors holds. */
final class TensorInspection {
  private static final ObjectMapper JSON = new ObjectMapper();

  private TensorInspection() {}

  static Inspection of(String name, TorchCheckpoint checkpoint, long bytes) {
    String converted =
        checkpoint.converted().entrySet().stream()
            .map(e -> e.getValue() + " of " + e.getKey())
            .collect(Collectors.joining(", "));
    List<String> remarks = new ArrayList<>(List.of("found     " + checkpoint.found()));
    if (!converted.isEmpty()) {
      remarks.add("converted " + converted + ", to float32");
    }
    return of(
        name,
        "PyTorch checkpoint",
        bytes,
        checkpoint.tensors(),
        Map.of(),
        remarks,
        checkpoint.skipped());
  }

  static Inspection of(String name, Safetensors.Content content, long bytes) {
    return of(
        name,
        "safetensors",
        bytes,
        content.tensors(),
        new TreeMap<>(content.metadata()),
        List.of(),
        content.skipped());
  }

  private static Inspection of(
      String name,
      String format,
      long bytes,
      NamedTensors tensors,
      Map<String, String> metadata,
      List<String> remarks,
      List<String> skipped) {
    ObjectNode json = JSON.createObjectNode();
    json.put("file", name).put("format", format).put("bytes", bytes);
    List<String> lines = new ArrayList<>();
    lines.add(name + ": " + format + ", " + OnnxInspection.bytes(bytes));
    ObjectNode texts = json.putObject("metadata");
    metadata.forEach(
        (k, v) -> {
          texts.put(k, v);
          lines.add("metadata  " + k + ": " + v.replaceAll("\\s+", " "));
        });
    lines.addAll(remarks);
    if (!skipped.isEmpty()) {
      lines.add("skipped   " + skipped.size() + " tensors of whole numbers");
    }
    skipped.forEach(json.putArray("skipped")::add);
    TextTable table = new TextTable("tensor", "shape", " values", " bytes as float32");
    ArrayNode list = json.putArray("tensors");
    long total = 0;
    for (Map.Entry<String, FloatTensor> e : tensors.tensors().entrySet()) {
      long n = e.getValue().shape().elements();
      total += n;
      String shape = e.getValue().shape().toString();
      table.row(e.getKey(), shape, OnnxInspection.number(n), OnnxInspection.number(4 * n));
      list.addObject().put("name", e.getKey()).put("shape", shape).put("values", n);
    }
    table.row(
        "total " + tensors.tensors().size() + " tensors",
        "",
        OnnxInspection.number(total),
        OnnxInspection.number(4 * total));
    json.put("values", total);
    lines.add("");
    lines.addAll(table.lines());
    return new Inspection(lines, json);
  }
}
