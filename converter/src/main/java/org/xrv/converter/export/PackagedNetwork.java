package org.xrv.converter.export;

import java.util.Objects;
import org.xrv.core.graph.Graph;

/**
 * A graph that becomes one file of a package.
 *
 * @param role such as "encoder"
 */
public record PackagedNetwork(String role, Graph graph) {
  public PackagedNetwork {
    Objects.requireNonNull(role);
    Objects.requireNonNull(graph);
  }

  /** Its name within the package. */
  public String name() {
    return role + ".onnx";
  }
}
