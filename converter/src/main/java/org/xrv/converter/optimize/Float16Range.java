package org.xrv.converter.optimize;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.xrv.converter.onnx.Float16Writer;
import org.xrv.converter.onnx.OnnxModel;
import org.xrv.converter.onnx.OnnxWriter;
import org.xrv.converter.onnxruntime.OnnxRunner;
import org.xrv.converter.verify.ValueGroups;
import org.xrv.core.graph.ElementType;
import org.xrv.core.graph.Graph;
import org.xrv.core.graph.ShapeInference;
import org.xrv.core.graph.ValueInfo;
import org.xrv.core.tensor.FloatTensor;
import org.xrv.core.tensor.HalfPrecision;

/**
 * What float16 cannot hold: weights and, on some inputs, values above 65504. What makes or uses
 * them stays in float32.
 *
 * @param outside largest magnitude by the name of each weight or value that is too large
 * @param vanishing number of weights that are not 0 and become 0, as they are below 2^-25
 * @param kept names of the nodes that stay in float32 for it
 */
public record Float16Range(Map<String, Double> outside, long vanishing, Set<String> kept) {
  /** Values on other images may be larger than on those that are looked at. */
  private static final double SPARE = 2;

  /** Elements that are looked at in one run: 256 MB. */
  private static final long AT_ONCE = 64L << 20;

  private static final double SMALLEST = 0x1p-25;

  public Float16Range {
    outside = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(outside));
    kept = Set.copyOf(kept);
  }

  /** Looks at the weights, and at all values that the network computes for an input. */
  static Float16Range of(OnnxModel model, FloatTensor input, int threads) {
    Graph graph = model.graph();
    Uses uses = new Uses(graph);
    Map<String, Double> outside = new LinkedHashMap<>();
    Set<String> kept = new HashSet<>();
    long vanishing = 0;
    for (String name : graph.parameters().keySet()) {
      float[] data = model.weights().get(name).data();
      if (uses.of(name).stream().noneMatch(n -> Float16Writer.converts(n.op()))) {
        continue;
      }
      double largest = largest(data);
      if (largest > HalfPrecision.MAX) {
        outside.put(name, largest);
        uses.of(name).forEach(n -> kept.add(n.name()));
      }
      for (float v : data) {
        vanishing += v != 0 && Math.abs(v) <= SMALLEST ? 1 : 0;
      }
    }
    largestValues(model, input, threads)
        .forEach(
            (name, largest) -> {
              if (largest * SPARE > HalfPrecision.MAX) {
                outside.put(name, largest);
                uses.maker(name).ifPresent(n -> kept.add(n.name()));
                uses.of(name).forEach(n -> kept.add(n.name()));
              }
            });
    return new Float16Range(outside, vanishing, kept);
  }

  private static Map<String, Double> largestValues(
      OnnxModel model, FloatTensor input, int threads) {
    Graph graph = model.graph();
    Map<String, ValueInfo> values = ShapeInference.infer(graph);
    List<String> floats =
        graph.nodes().stream()
            .flatMap(n -> n.outputs().stream())
            .filter(v -> values.get(v).type() == ElementType.FLOAT)
            .toList();
    List<List<String>> groups = ValueGroups.of(floats, values, input.shape().dim(0), AT_ONCE);
    Map<String, Double> largest = new HashMap<>();
    for (List<String> group : groups) {
      byte[] file = OnnxWriter.bytes(graph.withOutputs(group), model.weights());
      try (OnnxRunner runner = OnnxRunner.open(graph.name(), file, threads)) {
        runner
            .run(Map.of(graph.input().name(), input))
            .forEach((name, tensor) -> largest.put(name, largest(tensor.data())));
      }
    }
    Map<String, Double> inOrder = new LinkedHashMap<>();
    inOrder.put(graph.input().name(), largest(input.data()));
    groups.forEach(g -> g.forEach(name -> inOrder.put(name, largest.get(name))));
    return inOrder;
  }

  private static double largest(float[] data) {
    double largest = 0;
    for (float v : data) {
      largest = Math.max(largest, Math.abs(v));
    }
    return largest;
  }
}
