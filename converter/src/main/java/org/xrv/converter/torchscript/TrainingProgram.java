package org.xrv.converter.torchscript;

import java.util.List;
import org.xrv.core.graph.Graph;
import org.xrv.core.graph.Parameter;

/**
 * A compiled program that trains a graph with one input and one output.
 *
 * <p>Method {@code train_step(x, t, lr, step, p0, m0, v0[, q0], p1, ..., s)}: one step of Adam in
 * place on the parameter lists p, first moments m, second moments v and, with AMSGrad, their maxima
 * q, a set of lists for each learning-rate group; running statistics s change in place; returns the
 * loss before the step. lr and step (from 1) are one-element tensors. Method {@code predict(x, p0,
 * p1, ..., s)}: the output in inference form. Methods {@code packG(anchor, l)} and {@code
 * unpackG(anchor, l)}: the tensors of one list of group G (p, m, v or q) brought into the order in
 * memory that the steps work in, and back; the anchor is not used.
 *
 * @param archive the TorchScript archive
 * @param groups trainable parameters by learning-rate scale, in the order of the argument lists
 * @param rest the parameters that the optimizer does not touch, in the order of s; the argument is
 *     left out when there are none
 * @param amsgrad whether the q lists are there
 */
@SuppressWarnings("ArrayRecordComponent") // the archive is handed to the loader as it is
public record TrainingProgram(
    byte[] archive, List<Group> groups, List<Parameter> rest, boolean amsgrad) {
  public TrainingProgram {
    groups = List.copyOf(groups);
    rest = List.copyOf(rest);
  }

  /** Parameters that share a factor on the learning rate. */
  public record Group(double learningRateScale, List<Parameter> parameters) {
    public Group {
      parameters = List.copyOf(parameters);
    }
  }

  public static TrainingProgram compile(Graph graph, Loss loss, Adam adam, Numerics numerics) {
    return new TrainingCompiler(graph, loss, adam, numerics).compile();
  }
}
