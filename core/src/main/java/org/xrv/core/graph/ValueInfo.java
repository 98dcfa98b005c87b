package org.xrv.core.graph;

import java.util.Objects;

/** A named input or output of a graph. */
public record ValueInfo(String name, ElementType type, Shape shape) {
  public ValueInfo {
    Objects.requireNonNull(type);
    Objects.requireNonNull(shape);
    if (name.isEmpty()) {
      throw new IllegalArgumentException("a value needs a name");
    }
  }
}
