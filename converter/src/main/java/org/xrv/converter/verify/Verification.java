package org.xrv.converter.verify;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.xrv.converter.onnx.OnnxModel;
import org.xrv.converter.onnx.OnnxReader;
import org.xrv.converter.onnxruntime.OnnxRunner;
import org.xrv.converter.verify.ParityReport.Comparison;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.graph.ElementType;
import org.xrv.core.graph.Graph;
import org.xrv.core.graph.ShapeInference;
import org.xrv.core.graph.ValueInfo;
import org.xrv.core.tensor.FloatTensor;

/**
 * The verdict about ONNX files.
 *
 * @param report the outputs
 * @param layers the values within, in the order of the nodes; empty unless they were asked for
 */
public record Verification(ParityReport report, List<LayerDifference> layers) {
  public Verification {
    layers = List.copyOf(layers);
  }

  /** The first node at which the runtimes, or the files, part. */
  public Optional<LayerDifference> parting() {
    return layers.stream().filter(l -> !l.within(report.limit())).findFirst();
  }

  /**
   * Runs networks in every runtime there is: ONNX Runtime on the files themselves, the others on
   * the graphs that are read from them. DJL is the reference where it is, else the first other.
   *
   * @param remarks told which runtime cannot run a network and is left out
   * @throws ProblemException USAGE when there is no other runtime than ONNX Runtime, BAD_DATA when
   *     a file cannot be read
   */
  public static Verification ofRuntimes(
      List<TrialNetwork> networks, double limit, boolean layers, Consumer<String> remarks) {
    List<ParityRuntime> others =
        Parity.runtimes().stream().filter(r -> !(r instanceof OnnxRuntimeParity)).toList();
    if (others.isEmpty()) {
      throw new ProblemException(
          ProblemKind.USAGE,
          "there is no runtime here to compare ONNX Runtime with; start bin/xrv-convert, which"
              + " brings DJL, or give a file to compare with (--against)");
    }
    ParityRuntime reference = others.get(0);
    Set<String> names = new LinkedHashSet<>();
    names.add(new OnnxRuntimeParity().name());
    List<Comparison> comparisons = new ArrayList<>();
    List<LayerDifference> differences = new ArrayList<>();
    for (TrialNetwork network : networks) {
      OnnxModel model = OnnxReader.read(network.file());
      requireFloats(network.file(), model.graph());
      List<ParityRuntime> witnesses = new ArrayList<>();
      List<List<FloatTensor>> expected =
          outputs(reference, model.graph(), model, network.batches());
      try (OnnxRunner runner = OnnxRunner.open(network.file(), Parity.THREADS)) {
        compare(
            network,
            model.graph(),
            new OnnxRuntimeParity().name(),
            expected,
            network.batches().stream()
                .map(b -> OnnxRuntimeParity.run(model.graph(), runner, b))
                .toList(),
            comparisons);
      }
      for (ParityRuntime witness : others.subList(1, others.size())) {
        List<List<FloatTensor>> made;
        try {
          made = outputs(witness, model.graph(), model, network.batches());
        } catch (ProblemException e) {
          remarks.accept(
              witness.name() + " is left out of " + network.role() + ": " + e.getMessage());
          continue;
        }
        witnesses.add(witness);
        names.add(witness.name());
        compare(network, model.graph(), witness.name(), expected, made, comparisons);
      }
      if (layers) {
        differences.addAll(Layers.ofRuntimes(network, model, reference, witnesses, remarks));
      }
    }
    ParityReport report =
        new ParityReport(reference.name(), String.join(", ", names), limit, comparisons);
    return new Verification(report.about(files(networks)), differences);
  }

  /**
   * Runs networks and those that they should equal in ONNX Runtime, on the inputs of the former.
   *
   * @param originals of the same roles
   */
  public static Verification against(
      List<TrialNetwork> networks, List<TrialNetwork> originals, double limit, boolean layers) {
    String runtime = new OnnxRuntimeParity().name();
    List<Comparison> comparisons = new ArrayList<>();
    List<LayerDifference> differences = new ArrayList<>();
    for (TrialNetwork network : networks) {
      TrialNetwork original = counterpart(network, networks, originals);
      try (OnnxRunner expected = OnnxRunner.open(original.file(), Parity.THREADS);
          OnnxRunner actual = OnnxRunner.open(network.file(), Parity.THREADS)) {
        if (!expected.inputs().equals(actual.inputs())
            || !expected.outputs().equals(actual.outputs())) {
          throw new ProblemException(
              ProblemKind.BAD_DATA,
              network.file()
                  + " maps "
                  + actual.inputs()
                  + " to "
                  + actual.outputs()
                  + ", "
                  + original.file()
                  + " "
                  + expected.inputs()
                  + " to "
                  + expected.outputs()
                  + "; only networks with the same inputs and outputs can be compared");
        }
        for (List<FloatTensor> batch : network.batches()) {
          Map<String, FloatTensor> a = expected.run(TrialNetwork.named(expected, batch));
          Map<String, FloatTensor> b = actual.run(TrialNetwork.named(actual, batch));
          a.keySet().retainAll(b.keySet()); // what is of a float type in both
          a.forEach(
              (output, tensor) ->
                  comparisons.add(
                      Comparison.of(
                          network.role(),
                          output,
                          runtime,
                          batchSize(batch),
                          Difference.between(tensor, b.get(output)))));
        }
      }
      if (layers) {
        differences.addAll(Layers.ofFiles(network, original.file()));
      }
    }
    ParityReport report =
        new ParityReport(
            runtime + " on the originals", runtime + " on these files", limit, comparisons);
    return new Verification(report.about(files(networks)), differences);
  }

  private static TrialNetwork counterpart(
      TrialNetwork network, List<TrialNetwork> networks, List<TrialNetwork> originals) {
    if (networks.size() == 1 && originals.size() == 1) {
      return originals.get(0);
    }
    return originals.stream()
        .filter(o -> o.role().equals(network.role()))
        .findFirst()
        .orElseThrow(
            () ->
                new ProblemException(
                    ProblemKind.BAD_DATA,
                    "nothing to compare "
                        + network.file()
                        + " with: there is no "
                        + network.role()
                        + " among "
                        + originals.stream().map(TrialNetwork::role).toList()
                        + "; compare two packages of one kind, or two files"));
  }

  /**
   * Refuses outputs that are not compared.
   *
   * @throws ProblemException BAD_DATA, naming file and output
   */
  public static void requireFloats(Path file, Graph graph) {
    Map<String, ValueInfo> infos = ShapeInference.infer(graph);
    for (String output : graph.outputs()) {
      if (infos.get(output).type() != ElementType.FLOAT) {
        throw new ProblemException(
            ProblemKind.BAD_DATA,
            file
                + ": output '"
                + output
                + "' is of type "
                + infos.get(output).type()
                + "; only float32 outputs are compared");
      }
    }
  }

  private static List<Path> files(List<TrialNetwork> networks) {
    return networks.stream().map(TrialNetwork::file).toList();
  }

  static List<List<FloatTensor>> outputs(
      ParityRuntime runtime, Graph graph, OnnxModel model, List<List<FloatTensor>> batches) {
    try (ParityRuntime.Session session = runtime.open(graph, model.weights())) {
      return batches.stream().map(session::run).toList();
    }
  }

  private static void compare(
      TrialNetwork network,
      Graph graph,
      String runtime,
      List<List<FloatTensor>> expected,
      List<List<FloatTensor>> actual,
      List<Comparison> into) {
    for (int b = 0; b < expected.size(); b++) {
      for (int i = 0; i < graph.outputs().size(); i++) {
        into.add(
            Comparison.of(
                network.role(),
                graph.outputs().get(i),
                runtime,
                batchSize(network.batches().get(b)),
                Difference.between(expected.get(b).get(i), actual.get(b).get(i))));
      }
    }
  }

  private static int batchSize(List<FloatTensor> batch) {
    return batch.isEmpty() || batch.get(0).shape().rank() == 0 ? 1 : batch.get(0).shape().dim(0);
  }
}
