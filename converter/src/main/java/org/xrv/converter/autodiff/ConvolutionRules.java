package org.xrv.converter.autodiff;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.xrv.core.graph.Node;
import org.xrv.core.graph.Op;
import org.xrv.core.graph.Shape;

/** From the gradient at a convolution's output to that at its input; weights are constants. */
final class ConvolutionRules {
  private final Gradients graph;
  private final Node node;
  private final String dy;

  ConvolutionRules(Gradients graph, Node node, String dy) {
    this.graph = graph;
    this.node = node;
    this.dy = dy;
  }

  /**
   * A convolution with the weight turned around, which runtimes compute several times as fast as
   * the transposed convolution that it is by definition; with strides there is no such form.
   */
  String conv(Op.Conv c) {
    Shape weight = graph.shape(node.input(1));
    List<Integer> pads = new ArrayList<>();
    for (int side = 0; side < 4; side++) {
      int axis = side % 2;
      int reach = c.dilations().get(axis) * (weight.dim(2 + axis) - 1);
      pads.add(reach - c.pads().get(side));
    }
    String scaled = graph.folding().weight(node, 0, c.group() == 1 ? 1 : -1);
    if (!c.strides().equals(List.of(1, 1)) || pads.stream().anyMatch(p -> p < 0)) {
      return transposed(c, scaled);
    }
    return graph.add(
        "conv",
        new Op.Conv(c.strides(), pads, c.dilations(), c.group()),
        dy,
        turned(scaled, weight, c.group()));
  }

  /**
   * The transposed convolution with the same weight; what the stride did not reach is output
   * padding.
   */
  private String transposed(Op.Conv c, String weight) {
    Shape in = graph.shape(node.input(0));
    Shape shape = graph.shape(node.input(1));
    List<Integer> missing = new ArrayList<>();
    for (int axis = 0; axis < 2; axis++) {
      int kernel = c.dilations().get(axis) * (shape.dim(2 + axis) - 1) + 1;
      missing.add(
          (in.dim(2 + axis) + c.pads().get(axis) + c.pads().get(axis + 2) - kernel)
              % c.strides().get(axis));
    }
    return graph.add(
        "conv",
        new Op.ConvTranspose(c.strides(), c.pads(), missing, c.dilations(), c.group()),
        dy,
        weight);
  }

  /**
   * The convolution with the same weight. Positions that only output padding made have no input
   * behind them: the convolution does not reach them where they are fewer than the stride, and what
   * it makes of others is cut off.
   */
  String convTranspose(Op.ConvTranspose c) {
    boolean whole = c.group() == 1;
    String full =
        graph.add(
            "convTranspose",
            new Op.Conv(c.strides(), c.pads(), c.dilations(), c.group()),
            dy,
            whole ? graph.folding().weight(node, 1, 0) : node.input(1));
    int bottom = c.outputPadding().get(0) / c.strides().get(0);
    int right = c.outputPadding().get(1) / c.strides().get(1);
    return bottom + right == 0
        ? full
        : graph.add("cut", new Op.Pad(List.of(0, 0, 0, 0, 0, 0, -bottom, -right), 0), full);
  }

  /** From [O, I / g, kH, kW] to [I, O / g, kH, kW] with both kernel axes reversed. */
  private String turned(String weight, Shape shape, int group) {
    String reversed = reversed(reversed(weight, 2, shape.dim(2)), 3, shape.dim(3));
    if (group == 1) {
      return graph.add("turned", new Op.Transpose(List.of(1, 0, 2, 3)), reversed);
    }
    int out = shape.dim(0) / group;
    int in = shape.dim(1);
    int high = shape.dim(2);
    int wide = shape.dim(3);
    if (out == 1 && in == 1) {
      return reversed;
    }
    String groups =
        graph.add("groups", new Op.Reshape(List.of(group, out, in, high, wide)), reversed);
    String swapped = graph.add("turned", new Op.Transpose(List.of(0, 2, 1, 3, 4)), groups);
    return graph.add("turned", new Op.Reshape(List.of(group * in, out, high, wide)), swapped);
  }

  private String reversed(String value, int axis, int size) {
    if (size == 1) {
      return value;
    }
    List<String> parts =
        graph.add("parts", new Op.Split(axis, Collections.nCopies(size, 1)), size, value);
    return graph.add(
        "reversed",
        new Op.Concat(axis),
        IntStream.range(0, size).mapToObj(i -> parts.get(size - 1 - i)).toArray(String[]::new));
  }
}
