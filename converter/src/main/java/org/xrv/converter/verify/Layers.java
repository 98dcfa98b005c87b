package org.xrv.converter.verify;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.xrv.converter.onnx.LayeredModel;
import org.xrv.converter.onnx.OnnxModel;
import org.xrv.converter.onnxruntime.OnnxRunner;
import org.xrv.core.error.ProblemException;
import org.xrv.core.graph.ElementType;
import org.xrv.core.graph.Node;
import org.xrv.core.graph.Op;
import org.xrv.core.graph.ShapeInference;
import org.xrv.core.graph.ValueInfo;
import org.xrv.core.tensor.FloatTensor;

/**
 * The values within networks, compared node by node on the first batch. The network runs anew for
 * each group of values, so that not all of them are in memory at once. A runtime that is asked for
 * every value does not fuse nodes: it may compute a little otherwise than when it is asked for the
 * outputs only.
 */
final class Layers {
  /** 64 MB of values. */
  private static final long GROUP = 1 << 24;

  /** Values of which no sizes are known before they are made. */
  private static final int GROUP_OF_UNKNOWN = 24;

  private Layers() {}

  /**
   * In several runtimes.
   *
   * @param remarks told from which node on a witness that fails is left out
   */
  static List<LayerDifference> ofRuntimes(
      TrialNetwork network,
      OnnxModel model,
      ParityRuntime reference,
      List<ParityRuntime> witnesses,
      Consumer<String> remarks) {
    List<ParityRuntime> able = new ArrayList<>(witnesses);
    List<FloatTensor> batch = network.batches().get(0);
    LayeredModel file = LayeredModel.of(network.file());
    Set<String> inFile =
        file.values().stream().map(LayeredModel.Value::name).collect(Collectors.toSet());
    Map<String, ValueInfo> infos = ShapeInference.infer(model.graph());
    Map<String, Node> makers = new LinkedHashMap<>();
    for (Node node : model.graph().nodes()) {
      for (String output : node.outputs()) {
        if (infos.get(output).type() == ElementType.FLOAT
            && !(node.op() instanceof Op.Constant)
            && inFile.contains(output)) {
          makers.put(output, node);
        }
      }
    }
    List<LayerDifference> differences = new ArrayList<>();
    int size = batch.isEmpty() ? 1 : batch.get(0).shape().dim(0);
    try (OnnxRunner runner = layered(network.file(), file)) {
      for (List<String> group : ValueGroups.of(makers.keySet(), infos, size, GROUP)) {
        List<FloatTensor> expected = run(reference, model, group, batch);
        Map<String, List<FloatTensor>> made = new LinkedHashMap<>();
        Map<String, FloatTensor> byName =
            runner.run(TrialNetwork.named(runner, batch), new LinkedHashSet<>(group));
        made.put(new OnnxRuntimeParity().name(), group.stream().map(byName::get).toList());
        for (ParityRuntime witness : List.copyOf(able)) {
          try {
            made.put(witness.name(), run(witness, model, group, batch));
          } catch (ProblemException e) {
            able.remove(witness);
            remarks.accept(
                witness.name()
                    + " is left out from node '"
                    + makers.get(group.get(0)).name()
                    + "' of "
                    + network.role()
                    + " on: "
                    + e.getMessage());
          }
        }
        for (int i = 0; i < group.size(); i++) {
          Map<String, Difference> byRuntime = new LinkedHashMap<>();
          for (var runtime : made.entrySet()) {
            byRuntime.put(
                runtime.getKey(), Difference.between(expected.get(i), runtime.getValue().get(i)));
          }
          Node node = makers.get(group.get(i));
          differences.add(
              new LayerDifference(
                  network.role(), node.name(), node.op().type(), group.get(i), byRuntime));
        }
      }
    }
    return differences;
  }

  /** Values that both files have under the same name. */
  static List<LayerDifference> ofFiles(TrialNetwork network, Path original) {
    String runtime = new OnnxRuntimeParity().name();
    LayeredModel expected = LayeredModel.of(original);
    LayeredModel actual = LayeredModel.of(network.file());
    Map<String, LayeredModel.Value> known = new HashMap<>();
    expected.values().forEach(v -> known.put(v.name(), v));
    List<LayeredModel.Value> common =
        actual.values().stream().filter(v -> known.containsKey(v.name())).toList();
    List<FloatTensor> batch = network.batches().get(0);
    List<LayerDifference> differences = new ArrayList<>();
    try (OnnxRunner a = layered(original, expected);
        OnnxRunner b = layered(network.file(), actual)) {
      for (int from = 0; from < common.size(); from += GROUP_OF_UNKNOWN) {
        List<LayeredModel.Value> group =
            common.subList(from, Math.min(common.size(), from + GROUP_OF_UNKNOWN));
        Set<String> names =
            group.stream()
                .map(LayeredModel.Value::name)
                .collect(Collectors.toCollection(LinkedHashSet::new));
        Map<String, FloatTensor> left = a.run(TrialNetwork.named(a, batch), names);
        Map<String, FloatTensor> right = b.run(TrialNetwork.named(b, batch), names);
        for (LayeredModel.Value value : group) {
          if (left.containsKey(value.name()) && right.containsKey(value.name())) {
            differences.add(
                new LayerDifference(
                    network.role(),
                    value.node(),
                    value.op(),
                    value.name(),
                    Map.of(
                        runtime,
                        Difference.between(left.get(value.name()), right.get(value.name())))));
          }
        }
      }
    }
    return differences;
  }

  private static OnnxRunner layered(Path file, LayeredModel model) {
    return OnnxRunner.open(
        file.toString(), model.model(), file.toAbsolutePath().getParent(), Parity.THREADS);
  }

  private static List<FloatTensor> run(
      ParityRuntime runtime, OnnxModel model, List<String> values, List<FloatTensor> batch) {
    return Verification.outputs(runtime, model.graph().withOutputs(values), model, List.of(batch))
        .get(0);
  }
}
