package org.xrv.converter.autodiff;

import java.util.Collections;
import java.util.List;
import org.xrv.core.graph.Node;
import org.xrv.core.graph.Op;
import org.xrv.core.graph.Shape;

/** From the gradient at a pool's output to that at its input. */
final class PoolRules {
  private final Gradients graph;
  private final Node node;
  private final String x;
  private final String dy;

  PoolRules(Gradients graph, Node node, String dy) {
    this.graph = graph;
    this.node = node;
    this.x = node.input(0);
    this.dy = dy;
  }

  /**
   * Each output's gradient goes to where its maximum came from; windows overlap, so contributions
   * are added.
   *
   * @return the forward node, which must give the indices too
   */
  Node max() {
    String indices = node.outputs().size() > 1 ? node.outputs().get(1) : node.name() + ".indices";
    String zeros =
        graph.add(
            "zeros",
            new Op.Reshape(List.of(-1)),
            graph.add("times", new Op.Mul(), x, graph.constant(0)));
    String flatIndices = graph.add("indices", new Op.Reshape(List.of(-1)), indices);
    String flat =
        graph.add(
            "scatter",
            new Op.ScatterElements(0),
            zeros,
            flatIndices,
            graph.add("flat", new Op.Reshape(List.of(-1)), dy));
    graph.contribute(x, graph.add("reshape", new Op.Reshape(graph.shape(x).dims()), flat));
    return new Node(node.name(), node.op(), node.inputs(), List.of(node.output(), indices));
  }

  String average(Op.AveragePool p) {
    boolean tiling = p.kernel().equals(p.strides()) && p.pads().stream().allMatch(n -> n == 0);
    return tiling ? tiles(p) : windows(p);
  }

  /**
   * Windows that neither overlap nor leave anything out: each input gets its window's gradient
   * divided by the window's area.
   */
  private String tiles(Op.AveragePool p) {
    Shape in = graph.shape(x);
    Shape out = graph.shape(node.output());
    int height = p.kernel().get(0);
    int width = p.kernel().get(1);
    String mean = graph.add("mean", new Op.Div(), dy, graph.constant((float) height * width));
    // [N, C, h, w] seen as [N, C, h, 1, w, 1], repeated over the window, is the input's [N, C, h *
    // height, w * width].
    String windows =
        graph.add(
            "windows", new Op.Reshape(List.of(-1, out.dim(1), out.dim(2), 1, out.dim(3), 1)), mean);
    String full = repeated(repeated(windows, 5, width), 3, height);
    String whole =
        graph.add(
            "whole",
            new Op.Reshape(List.of(-1, out.dim(1), out.dim(2) * height, out.dim(3) * width)),
            full);
    int bottom = in.dim(2) - out.dim(2) * height;
    int right = in.dim(3) - out.dim(3) * width;
    return bottom + right == 0
        ? whole
        : graph.add("rest", new Op.Pad(List.of(0, 0, 0, 0, 0, 0, bottom, right), 0), whole);
  }

  private String repeated(String value, int axis, int times) {
    return times == 1
        ? value
        : graph.add(
            "repeated",
            new Op.Concat(axis),
            Collections.nCopies(times, value).toArray(String[]::new));
  }

  /**
   * Windows that overlap, leave out, or reach into the padding: a transposed convolution of each
   * channel with a kernel of ones, after the division by how many numbers each window averaged.
   */
  private String windows(Op.AveragePool p) {
    Shape in = graph.shape(x);
    Shape out = graph.shape(node.output());
    String kernel = graph.ones(List.of(1, 1, p.kernel().get(0), p.kernel().get(1)));
    List<Integer> one = List.of(1, 1);
    String count =
        p.countIncludePad()
            ? graph.constant((float) p.kernel().get(0) * p.kernel().get(1))
            : graph.add(
                "count",
                new Op.Conv(p.strides(), p.pads(), one, 1),
                graph.ones(List.of(1, 1, in.dim(2), in.dim(3))),
                kernel);
    String mean = graph.add("mean", new Op.Div(), dy, count);
    String channels =
        graph.add("channels", new Op.Reshape(List.of(-1, 1, out.dim(2), out.dim(3))), mean);
    List<Integer> missing = new java.util.ArrayList<>();
    for (int axis = 0; axis < 2; axis++) {
      missing.add(
          (in.dim(2 + axis) + p.pads().get(axis) + p.pads().get(axis + 2) - p.kernel().get(axis))
              % p.strides().get(axis));
    }
    String spread =
        graph.add(
            "windows",
            new Op.ConvTranspose(p.strides(), p.pads(), missing, one, 1),
            channels,
            kernel);
    return graph.add("reshape", new Op.Reshape(in.dims()), spread);
  }
}
