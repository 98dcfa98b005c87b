package org.xrv.samediff.runtime;

import org.xrv.converter.verify.ParityRuntime;
import org.xrv.core.graph.Graph;
import org.xrv.core.tensor.NamedTensors;
import org.xrv.samediff.build.SameDiffBuilder;

/** Deeplearning4j's SameDiff as a third witness, which shares no code with the other runtimes. */
public final class SameDiffParity implements ParityRuntime {
  /** That of the parent POM: nd4j does not know its own. */
  static final String VERSION = "SameDiff 1.0.0-M2.1";

  @Override
  public String name() {
    return VERSION;
  }

  @Override
  public Session open(Graph graph, NamedTensors weights) {
    return new SameDiffSession(graph, SameDiffBuilder.network(graph, weights));
  }
}
