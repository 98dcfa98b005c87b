package org.xrv.converter.onnx;

import java.util.Objects;
import org.xrv.core.graph.Graph;
import org.xrv.core.tensor.NamedTensors;

/**
 * What an ONNX file holds.
 *
 * @param graph the network; its metadata are the file's metadata properties
 * @param weights by the names of the graph's parameters
 */
public record OnnxModel(Graph graph, NamedTensors weights) {
  public OnnxModel {
    Objects.requireNonNull(graph);
    weights.requireFor(graph);
  }
}
