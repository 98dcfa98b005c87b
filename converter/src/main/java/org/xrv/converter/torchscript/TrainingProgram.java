package org.xrv.converter.torchscript;

import java.util.List;
import org.xrv.core.graph.Graph;
import org.xrv.core.graph.Parameter;

/**
 * A compiled program that trains a graph with one input and one output.
 *
 * <p>Its lists: p, parameters; m, v and, with AMSGrad, q, first moments, second moments and their
 * maxima: a set of each for each learning-rate group; s, running statistics. lr, step (from 1) and
 * share are one-element tensors. Its methods:
 *
 * <ul>
 *   <li>{@code train_step(x, t, lr, step, p0, m0, v0[, q0], p1, ..., s)}: one step of Adam in place
 *       on all lists; returns the loss before the step and the norm of the gradient.
 *   <li>{@code part(x, t, p0, p1, ..., s)}: the loss and then the gradients of all parameters, in
 *       the order of the groups; running statistics change in place.
 *   <li>{@code update(lr, step, p0, g0, m0, v0[, q0], p1, ...)}: one step of Adam by gradients g;
 *       returns their norm.
 *   <li>{@code sum(anchor, a, b)} adds the tensors of list b to those of a, in place; {@code
 *       average(share, a, b)} moves a towards b by a share of the way; {@code scale(share, a)}
 *       multiplies a. They return their first argument.
 *   <li>{@code predict(x, p0, p1, ..., s)}: the output in inference form.
 *   <li>{@code packG(anchor, l)} and {@code unpackG(anchor, l)}: the tensors of one list of group G
 *       (p, m, v or q) brought into the order in memory that the steps work in, and back.
 * </ul>
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

  /** The program of a recipe; how its batches are cut into parts is up to the caller. */
  public static TrainingProgram compile(Graph graph, TrainingRecipe recipe, Numerics numerics) {
    return new TrainingCompiler(graph, recipe, numerics).compile();
  }
}
