package org.xrv.core.tensor;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.graph.Graph;
import org.xrv.core.graph.Parameter;

/**
 * Weights: float tensors by name, in a fixed order. The map is immutable; the arrays belong to
 * whoever made them.
 */
public record NamedTensors(Map<String, FloatTensor> tensors) {
  public NamedTensors {
    tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
  }

  public FloatTensor get(String name) {
    FloatTensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException("no tensor named '" + name + "'");
    }
    return tensor;
  }

  public Set<String> names() {
    return tensors.keySet();
  }

  /**
   * Refuses weights that do not fit a graph: a missing tensor, or one of another shape. Further
   * tensors are ignored.
   */
  public void requireFor(Graph graph) {
    for (Parameter p : graph.parameters().values()) {
      FloatTensor t = tensors.get(p.name());
      if (t == null || !t.shape().equals(p.shape())) {
        throw new ProblemException(
            ProblemKind.BAD_DATA,
            "weights do not fit "
                + graph.name()
                + ": '"
                + p.name()
                + "' should have shape "
                + p.shape()
                + (t == null ? " and is missing" : " but has " + t.shape()));
      }
    }
  }

  /**
   * These tensors with a prefix before each name, as {@link org.xrv.core.graph.Graphs#prefixed}
   * names the parameters.
   */
  public NamedTensors prefixed(String prefix) {
    Map<String, FloatTensor> renamed = new LinkedHashMap<>();
    tensors.forEach((name, tensor) -> renamed.put(prefix + name, tensor));
    return new NamedTensors(renamed);
  }

  /** These tensors and others; a name in both is an error. */
  public NamedTensors with(NamedTensors others) {
    Map<String, FloatTensor> all = new LinkedHashMap<>(tensors);
    others.tensors.forEach(
        (name, tensor) -> {
          if (all.put(name, tensor) != null) {
            throw new IllegalArgumentException("both have a tensor '" + name + "'");
          }
        });
    return new NamedTensors(all);
  }
}
