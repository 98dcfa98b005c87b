package org.xrv.samediff.runtime;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.xrv.converter.verify.ParityRuntime;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.graph.Graph;
import org.xrv.core.tensor.FloatTensor;
import org.xrv.samediff.build.Arrays4j;

/** A network in SameDiff, run as its graph is run. */
final class SameDiffSession implements ParityRuntime.Session {
  private final Graph graph;
  private final SameDiff network;

  /**
   * Takes a network over, which is given back here when it is not the graph's.
   *
   * @throws ProblemException BAD_DATA when it lacks a value that the graph takes or gives
   */
  SameDiffSession(Graph graph, SameDiff network) {
    this.graph = graph;
    this.network = network;
    List<String> values = new ArrayList<>(graph.outputs());
    graph.inputs().forEach(i -> values.add(i.name()));
    values.removeIf(network::hasVariable);
    if (!values.isEmpty()) {
      close();
      throw new ProblemException(
          ProblemKind.BAD_DATA, "SameDiff's file of " + graph.name() + " lacks " + values);
    }
  }

  @Override
  public List<FloatTensor> run(List<FloatTensor> inputs) {
    Map<String, INDArray> given = new HashMap<>();
    Map<String, INDArray> made = new HashMap<>();
    try {
      for (int i = 0; i < inputs.size(); i++) {
        given.put(graph.inputs().get(i).name(), Arrays4j.of(inputs.get(i)));
      }
      made.putAll(network.output(given, graph.outputs()));
      List<FloatTensor> outputs = new ArrayList<>();
      graph.outputs().forEach(name -> outputs.add(Arrays4j.tensor(made.get(name))));
      return outputs;
    } catch (IllegalStateException | IllegalArgumentException | UnsupportedOperationException e) {
      throw new ProblemException(
          ProblemKind.BAD_DATA, "SameDiff cannot run " + graph.name() + ": " + e.getMessage(), e);
    } finally {
      graph.parameters().keySet().forEach(made::remove); // weights stay
      given.putAll(made); // an output that is an input is closed once
      given.values().stream().filter(INDArray::closeable).forEach(INDArray::close);
    }
  }

  @Override
  public void close() {
    Arrays4j.release(network);
  }
}
