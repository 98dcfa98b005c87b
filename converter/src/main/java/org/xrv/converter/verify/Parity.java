package org.xrv.converter.verify;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import org.xrv.converter.onnxruntime.OnnxRunner;
import org.xrv.converter.verify.ParityReport.Comparison;
import org.xrv.core.graph.Graph;
import org.xrv.core.tensor.FloatTensor;
import org.xrv.core.tensor.NamedTensors;

/** Compares runtimes on the same inputs. */
public final class Parity {
  /** Of ONNX Runtime where networks are compared: the same everywhere, as sums depend on it. */
  static final int THREADS = 2;

  private Parity() {}

  /** The runtimes on the class path, ONNX Runtime among them, in the order of their names. */
  public static List<ParityRuntime> runtimes() {
    return ServiceLoader.load(ParityRuntime.class).stream()
        .map(ServiceLoader.Provider::get)
        .sorted(Comparator.comparing(ParityRuntime::name))
        .toList();
  }

  /** The first runtime that is not ONNX Runtime. */
  public static Optional<ParityRuntime> another() {
    return runtimes().stream().filter(r -> !(r instanceof OnnxRuntimeParity)).findFirst();
  }

  /**
   * Compares a runtime's results on a graph with ONNX Runtime's on the exported file itself.
   *
   * @param batches inputs of the graph, each list being one run
   */
  public static List<Comparison> withFile(
      ParityRuntime reference,
      Graph graph,
      NamedTensors weights,
      Path file,
      List<List<FloatTensor>> batches) {
    return compare(reference, graph, weights, batches, ofFile(graph, file, batches));
  }

  /** Compares a file of another library, run by that library, with ONNX Runtime on the graph. */
  public static ParityReport withExport(
      GraphExporter exporter, ExportedNetwork network, Path file, List<List<FloatTensor>> batches) {
    ParityRuntime reference = new OnnxRuntimeParity();
    List<Comparison> comparisons = new ArrayList<>();
    try (ParityRuntime.Session expected = reference.open(network.whole(), network.weights());
        ParityRuntime.Session actual = exporter.open(network.whole(), Optional.empty(), file)) {
      comparisons.addAll(compare(network.whole(), exporter.runtime(), expected, actual, batches));
    }
    List<List<FloatTensor>> given = batches;
    if (exporter.hasParts()) {
      // Each part takes what the one before it gives.
      for (var part : network.parts().entrySet()) {
        try (ParityRuntime.Session expected = reference.open(part.getValue(), network.weights());
            ParityRuntime.Session actual =
                exporter.open(part.getValue(), Optional.of(part.getKey()), file)) {
          comparisons.addAll(compare(part.getValue(), exporter.runtime(), expected, actual, given));
          given = given.stream().map(expected::run).toList();
        }
      }
    }
    return new ParityReport(reference.name(), exporter.runtime(), ParityReport.LIMIT, comparisons);
  }

  /** What ONNX Runtime makes of batches with a graph's exported file; it is closed again. */
  public static List<List<FloatTensor>> ofFile(
      Graph graph, Path file, List<List<FloatTensor>> batches) {
    try (ParityRuntime.Session session =
        OnnxRuntimeParity.session(graph, OnnxRunner.open(file, THREADS))) {
      return batches.stream().map(session::run).toList();
    }
  }

  /**
   * Compares a runtime's results on a graph with what ONNX Runtime made of its file.
   *
   * @param made for each batch, see {@link #ofFile}
   */
  public static List<Comparison> compare(
      ParityRuntime reference,
      Graph graph,
      NamedTensors weights,
      List<List<FloatTensor>> batches,
      List<List<FloatTensor>> made) {
    List<Comparison> comparisons = new ArrayList<>();
    try (ParityRuntime.Session expected = reference.open(graph, weights)) {
      for (int i = 0; i < batches.size(); i++) {
        compare(
            graph,
            new OnnxRuntimeParity().name(),
            batches.get(i),
            expected.run(batches.get(i)),
            made.get(i),
            comparisons);
      }
    }
    return comparisons;
  }

  private static List<Comparison> compare(
      Graph graph,
      String runtime,
      ParityRuntime.Session expected,
      ParityRuntime.Session actual,
      List<List<FloatTensor>> batches) {
    List<Comparison> comparisons = new ArrayList<>();
    for (List<FloatTensor> batch : batches) {
      compare(graph, runtime, batch, expected.run(batch), actual.run(batch), comparisons);
    }
    return comparisons;
  }

  private static void compare(
      Graph graph,
      String runtime,
      List<FloatTensor> batch,
      List<FloatTensor> expected,
      List<FloatTensor> actual,
      List<Comparison> into) {
    for (int i = 0; i < expected.size(); i++) {
      into.add(
          Comparison.of(
              graph.name(),
              graph.outputs().get(i),
              runtime,
              batch.get(0).shape().dim(0),
              Difference.between(expected.get(i), actual.get(i))));
    }
  }
}
