package org.xrv.samediff.build;

import java.util.Collections;
import java.util.List;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.xrv.core.graph.Graph;
import org.xrv.core.tensor.FloatTensor;
import org.xrv.core.tensor.NamedTensors;

/**
 * A network's first output and the gradient of its sum with respect to the input, by SameDiff's own
 * differentiation.
 *
 * @param output as the graph gives it
 * @param gradient of the input's shape
 */
public record SameDiffGradient(FloatTensor output, FloatTensor gradient) {

  /** At one input of a graph that has one. */
  public static SameDiffGradient of(Graph graph, NamedTensors weights, FloatTensor x) {
    SameDiff sd = SameDiffBuilder.at(graph, weights, List.of(x));
    try {
      String output = graph.outputs().get(0);
      String input = graph.input().name();
      String loss = sd.getVariable(output).sum().name();
      sd.setLossVariables(loss);
      INDArray gradient = sd.calculateGradients(Collections.emptyMap(), input).get(input);
      INDArray made = sd.output(Collections.emptyMap(), output).get(output);
      try {
        return new SameDiffGradient(Arrays4j.tensor(made), Arrays4j.tensor(gradient));
      } finally {
        made.close();
        gradient.close();
      }
    } finally {
      Arrays4j.release(sd);
    }
  }
}
