package org.xrv.core.graph;

import java.util.Objects;

/**
 * A named float tensor that a graph needs: its values are kept beside the graph under the same
 * name.
 */
public record Parameter(String name, Shape shape, ParameterKind kind) {
  public Parameter {
    Objects.requireNonNull(kind);
    if (name.isEmpty() || !shape.isStatic()) {
      throw new IllegalArgumentException("parameter '" + name + "' of shape " + shape);
    }
  }
}
