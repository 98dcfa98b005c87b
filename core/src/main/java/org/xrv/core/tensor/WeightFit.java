package org.xrv.core.tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.xrv.core.graph.Graph;
import org.xrv.core.graph.Parameter;

/**
 * How well named tensors fit the parameters of a graph.
 *
 * @param fitting names of tensors that have a parameter's name and shape
 * @param missing names of parameters without a tensor
 * @param extra names of tensors without a parameter
 * @param misshapen names that both have, with both shapes, in words
 */
public record WeightFit(
    List<String> fitting, List<String> missing, List<String> extra, List<String> misshapen) {
  /** What PyTorch's BatchNorm counts and nothing uses. */
  private static final String UNUSED = "num_batches_tracked";

  private static final int SHOWN = 3;

  public WeightFit {
    fitting = List.copyOf(fitting);
    missing = List.copyOf(missing);
    extra = List.copyOf(extra);
    misshapen = List.copyOf(misshapen);
  }

  /** Compares names and shapes. */
  public static WeightFit of(Graph graph, NamedTensors tensors) {
    List<String> fitting = new ArrayList<>();
    List<String> missing = new ArrayList<>();
    List<String> misshapen = new ArrayList<>();
    for (Parameter p : graph.parameters().values()) {
      FloatTensor tensor = tensors.tensors().get(p.name());
      if (tensor == null) {
        missing.add(p.name());
      } else if (tensor.shape().equals(p.shape())) {
        fitting.add(p.name());
      } else {
        misshapen.add(p.name() + " " + tensor.shape() + " instead of " + p.shape());
      }
    }
    List<String> extra =
        tensors.names().stream()
            .filter(n -> !graph.parameters().containsKey(n) && !n.endsWith(UNUSED))
            .toList();
    return new WeightFit(fitting, missing, extra, misshapen);
  }

  /** Whether every parameter has its tensor and every tensor its parameter. */
  public boolean isExact() {
    return missing.isEmpty() && extra.isEmpty() && misshapen.isEmpty();
  }

  /** What does not fit, in words: how many of each kind, and the first of them. */
  public String differences() {
    return differences(SHOWN);
  }

  /**
   * What does not fit, in words.
   *
   * @param shown how many names of each kind are listed at most
   */
  public String differences(int shown) {
    List<String> parts = new ArrayList<>();
    add(parts, missing, "missing", shown);
    add(parts, misshapen, "of another shape", shown);
    add(parts, extra, "unknown to it", shown);
    return String.join("; ", parts);
  }

  private static void add(List<String> parts, List<String> names, String what, int shown) {
    if (!names.isEmpty()) {
      parts.add(names.size() + " " + what + " (" + some(names, shown) + ")");
    }
  }

  /** The first of some names. */
  public static String some(List<String> names) {
    return some(names, SHOWN);
  }

  private static String some(List<String> names, int shown) {
    return names.stream().limit(shown).collect(Collectors.joining(", "))
        + (names.size() > shown ? " ..." : "");
  }
}
