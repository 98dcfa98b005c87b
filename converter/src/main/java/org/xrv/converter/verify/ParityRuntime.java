package org.xrv.converter.verify;

import java.util.List;
import org.xrv.core.graph.Graph;
import org.xrv.core.tensor.FloatTensor;
import org.xrv.core.tensor.NamedTensors;

/** Something that can run a graph; a service (java.util.ServiceLoader). */
public interface ParityRuntime {
  /** Name and version, for the report. */
  String name();

  /** Loads a graph with its weights, BatchNorm in inference form. */
  Session open(Graph graph, NamedTensors weights);

  /** A loaded graph; owns native memory. */
  interface Session extends AutoCloseable {
    /** The outputs in the graph's order for inputs in the graph's order. */
    List<FloatTensor> run(List<FloatTensor> inputs);

    @Override
    void close();
  }
}
