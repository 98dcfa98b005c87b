package org.xrv.converter.autodiff;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.xrv.core.graph.ElementType;
import org.xrv.core.graph.Node;
import org.xrv.core.graph.Op;
import org.xrv.core.graph.Shape;

/**
 * The rule of each op: from the gradient at its output to the gradients at those of its inputs that
 * depend on the variable.
 */
final class GradientRules {
  private final Gradients graph;
  private final Node node;
  private final Set<String> active;
  private final String x;
  private final String dy;

  GradientRules(Gradients graph, Node node, Set<String> active) {
    this.graph = graph;
    this.node = node;
    this.active = active;
    this.x = node.input(0);
    this.dy = graph.gradient(node.output());
  }

  /**
   * Adds the contributions; returns the forward node, with a further output where the rule needs
   * one.
   */
  Node apply() {
    Op op = node.op();
    if (op instanceof Op.Conv c) {
      onlyFirst();
      convolution(c);
    } else if (op instanceof Op.ConvTranspose c) {
      onlyFirst();
      transposedConvolution(c);
    } else if (op instanceof Op.BatchNormalization b) {
      onlyFirst();
      batchNormalization(b);
    } else if (op instanceof Op.Relu) {
      String zero = graph.constant(0);
      String positive = graph.add("positive", new Op.Greater(), x, zero);
      graph.contribute(x, graph.add("relu", new Op.Where(), positive, dy, zero));
    } else if (op instanceof Op.Sigmoid) {
      String complement = graph.add("complement", new Op.Sub(), graph.constant(1), node.output());
      graph.contribute(x, times(dy, times(node.output(), complement)));
    } else if (op instanceof Op.Tanh) {
      String complement =
          graph.add(
              "complement", new Op.Sub(), graph.constant(1), times(node.output(), node.output()));
      graph.contribute(x, times(dy, complement));
    } else if (op instanceof Op.Exp) {
      graph.contribute(x, times(dy, node.output()));
    } else if (op instanceof Op.Log) {
      graph.contribute(x, graph.add("log", new Op.Div(), dy, x));
    } else if (op instanceof Op.Sqrt) {
      String doubled = graph.add("doubled", new Op.Add(), node.output(), node.output());
      graph.contribute(x, graph.add("sqrt", new Op.Div(), dy, doubled));
    } else if (op instanceof Op.LeakyRelu l) {
      String positive = graph.add("positive", new Op.Greater(), x, graph.constant(0));
      String leaked = times(dy, graph.constant(l.alpha()));
      graph.contribute(x, graph.add("leaky", new Op.Where(), positive, dy, leaked));
    } else if (op instanceof Op.Where) {
      where();
    } else if (op instanceof Op.Softmax s) {
      softmax(s);
    } else if (op instanceof Op.ReduceSum r) {
      reduced(r.axes(), false);
    } else if (op instanceof Op.ReduceMean r) {
      reduced(r.axes(), true);
    } else if (op instanceof Op.Abs) {
      graph.contribute(x, times(dy, graph.add("sign", new Op.Sign(), x)));
    } else if (op instanceof Op.Neg) {
      graph.contribute(x, graph.add("neg", new Op.Neg(), dy));
    } else if (op instanceof Op.Identity
        || (op instanceof Op.Cast c && c.to() == ElementType.FLOAT)) {
      graph.contribute(x, dy);
    } else if (op instanceof Op.Add) {
      each(0, dy);
      each(1, dy);
    } else if (op instanceof Op.Sub) {
      each(0, dy);
      if (active.contains(node.input(1))) {
        each(1, graph.add("neg", new Op.Neg(), dy));
      }
    } else if (op instanceof Op.Mul) {
      for (int i = 0; i < 2; i++) {
        if (active.contains(node.input(i))) {
          each(i, times(dy, node.input(1 - i)));
        }
      }
    } else if (op instanceof Op.Div) {
      quotient();
    } else if (op instanceof Op.MaxPool) {
      return maxPool();
    } else if (op instanceof Op.AveragePool p) {
      averagePool(p);
    } else if (op instanceof Op.GlobalAveragePool) {
      spread(graph.shape(x).dim(2) * graph.shape(x).dim(3), dy);
    } else if (op instanceof Op.Concat c) {
      concat(c);
    } else if (op instanceof Op.Split s) {
      split(s);
    } else if (op instanceof Op.Gemm g) {
      onlyFirst();
      gemm(g);
    } else if (op instanceof Op.Flatten || op instanceof Op.Reshape) {
      graph.contribute(x, reshaped(dy, graph.shape(x)));
    } else if (op instanceof Op.Transpose t) {
      List<Integer> inverse = new ArrayList<>(t.permutation());
      for (int i = 0; i < inverse.size(); i++) {
        inverse.set(t.permutation().get(i), i);
      }
      graph.contribute(x, graph.add("transpose", new Op.Transpose(inverse), dy));
    } else if (op instanceof Op.Pad p) {
      graph.contribute(
          x, graph.add("pad", new Op.Pad(p.pads().stream().map(n -> -n).toList(), 0), dy));
    } else if (op instanceof Op.Clip c) {
      String low = graph.add("above", new Op.Greater(), x, graph.constant(c.min()));
      String high = graph.add("below", new Op.Greater(), graph.constant(c.max()), x);
      String zero = graph.constant(0);
      graph.contribute(
          x,
          graph.add(
              "clip",
              new Op.Where(),
              low,
              graph.add("clip", new Op.Where(), high, dy, zero),
              zero));
    } else {
      throw new IllegalArgumentException(
          "node '" + node.name() + "': there is no gradient rule for " + op.type());
    }
    return node;
  }

  /**
   * Weights are constants in an explanation: a variable weight would need rules that are not here.
   */
  private void onlyFirst() {
    for (String input : node.inputs().subList(1, node.inputs().size())) {
      if (active.contains(input)) {
        throw new IllegalArgumentException(
            "node '"
                + node.name()
                + "': there is no gradient rule for the weights of "
                + node.op().type());
      }
    }
  }

  private String times(String a, String b) {
    return graph.add("times", new Op.Mul(), a, b);
  }

  /**
   * A contribution to an input of an op that broadcasts: summed over the axes along which the input
   * was repeated.
   */
  private void each(int input, String gradient) {
    String name = node.input(input);
    if (!active.contains(name)) {
      return;
    }
    Shape from = graph.shape(node.output());
    Shape to = graph.shape(name);
    List<Integer> axes = new ArrayList<>();
    int extra = from.rank() - to.rank();
    for (int i = 0; i < from.rank(); i++) {
      if (i < extra || (to.dim(i - extra) == 1 && from.dim(i) != 1)) {
        axes.add(i);
      }
    }
    String summed =
        axes.isEmpty()
            ? gradient
            : graph.add("unbroadcast", new Op.ReduceSum(axes, true), gradient);
    graph.contribute(name, extra == 0 ? summed : reshaped(summed, to));
  }

  /** Each branch gets the gradient where it was chosen; the condition has none. */
  private void where() {
    String condition = node.input(0);
    String zero = graph.constant(0);
    if (active.contains(node.input(1))) {
      each(1, graph.add("chosen", new Op.Where(), condition, dy, zero));
    }
    if (active.contains(node.input(2))) {
      each(2, graph.add("other", new Op.Where(), condition, zero, dy));
    }
  }

  /** y (dy - sum(dy y)), the sum along the axis. */
  private void softmax(Op.Softmax s) {
    String total =
        graph.add("total", new Op.ReduceSum(List.of(s.axis()), true), times(dy, node.output()));
    graph.contribute(x, times(node.output(), graph.add("centred", new Op.Sub(), dy, total)));
  }

  /** The gradient with its reduced axes of length 1 again, broadcast over the input. */
  private void reduced(List<Integer> axes, boolean mean) {
    Shape in = graph.shape(x);
    List<Integer> kept = new ArrayList<>(in.dims());
    int count = 1;
    for (int axis : axes) {
      int positive = axis < 0 ? axis + in.rank() : axis;
      kept.set(positive, 1);
      count *= in.dim(positive);
    }
    if (count < 1) {
      throw new IllegalArgumentException(
          "node '" + node.name() + "': there is no gradient rule for reducing over the batch");
    }
    spread(mean ? count : 1, reshaped(dy, new Shape(kept)));
  }

  private void quotient() {
    String divisor = node.input(1);
    String scaled = graph.add("quotient", new Op.Div(), dy, divisor);
    each(0, scaled);
    if (active.contains(divisor)) {
      each(1, graph.add("neg", new Op.Neg(), times(scaled, node.output())));
    }
  }

  /**
   * The transposed convolution with the same weight; what the stride did not reach is output
   * padding.
   */
  private void convolution(Op.Conv c) {
    Shape in = graph.shape(x);
    Shape weight = graph.shape(node.input(1));
    List<Integer> missing = new ArrayList<>();
    for (int axis = 0; axis < 2; axis++) {
      int kernel = c.dilations().get(axis) * (weight.dim(2 + axis) - 1) + 1;
      missing.add(
          (in.dim(2 + axis) + c.pads().get(axis) + c.pads().get(axis + 2) - kernel)
              % c.strides().get(axis));
    }
    graph.contribute(
        x,
        graph.add(
            "conv",
            new Op.ConvTranspose(c.strides(), c.pads(), missing, c.dilations(), c.group()),
            dy,
            node.input(1)));
  }

  /**
   * The convolution with the same weight. Positions that only output padding made have no input
   * behind them, and the convolution does not reach them.
   */
  private void transposedConvolution(Op.ConvTranspose c) {
    graph.contribute(
        x,
        graph.add(
            "convTranspose",
            new Op.Conv(c.strides(), c.pads(), c.dilations(), c.group()),
            dy,
            node.input(1)));
  }

  private void batchNormalization(Op.BatchNormalization b) {
    int channels = graph.shape(x).dim(1);
    String variance =
        graph.add("variance", new Op.Add(), node.input(4), graph.constant(b.epsilon()));
    String scale =
        graph.add(
            "scale", new Op.Div(), node.input(1), graph.add("deviation", new Op.Sqrt(), variance));
    List<Integer> aligned =
        new ArrayList<>(java.util.Collections.nCopies(graph.shape(x).rank(), 1));
    aligned.set(1, channels);
    graph.contribute(x, times(dy, graph.add("scale", new Op.Reshape(aligned), scale)));
  }

  /**
   * Each output's gradient goes to where its maximum came from; windows overlap, so contributions
   * are added.
   */
  private Node maxPool() {
    String indices = node.outputs().size() > 1 ? node.outputs().get(1) : node.name() + ".indices";
    String zeros = graph.add("zeros", new Op.Reshape(List.of(-1)), times(x, graph.constant(0)));
    String flatIndices = graph.add("indices", new Op.Reshape(List.of(-1)), indices);
    String flat =
        graph.add(
            "scatter",
            new Op.ScatterElements(0),
            zeros,
            flatIndices,
            graph.add("flat", new Op.Reshape(List.of(-1)), dy));
    graph.contribute(x, reshaped(flat, graph.shape(x)));
    return new Node(node.name(), node.op(), node.inputs(), List.of(node.output(), indices));
  }

  /**
   * Windows that neither overlap nor leave anything out: each input gets its window's gradient
   * divided by the window's area.
   */
  private void averagePool(Op.AveragePool p) {
    Shape in = graph.shape(x);
    int height = p.kernel().get(0);
    int width = p.kernel().get(1);
    boolean tiling = p.kernel().equals(p.strides()) && p.pads().stream().allMatch(n -> n == 0);
    if (!tiling) {
      throw new IllegalArgumentException(
          "node '"
              + node.name()
              + "': there is no gradient rule for average pooling with overlapping windows or padding");
    }
    Shape out = graph.shape(node.output());
    // [N, C, h, w] seen as [N, C, h, 1, w, 1], repeated over the window, is the input's [N, C, h *
    // height, w * width].
    String windows =
        graph.add(
            "windows", new Op.Reshape(List.of(-1, out.dim(1), out.dim(2), 1, out.dim(3), 1)), dy);
    List<String> rows = java.util.Collections.nCopies(height, windows);
    String tall = graph.add("rows", new Op.Concat(3), rows.toArray(String[]::new));
    String full =
        graph.add(
            "columns",
            new Op.Concat(5),
            java.util.Collections.nCopies(width, tall).toArray(String[]::new));
    String whole =
        graph.add(
            "whole",
            new Op.Reshape(List.of(-1, out.dim(1), out.dim(2) * height, out.dim(3) * width)),
            full);
    int bottom = in.dim(2) - out.dim(2) * height;
    int right = in.dim(3) - out.dim(3) * width;
    String padded =
        bottom + right == 0
            ? whole
            : graph.add("rest", new Op.Pad(List.of(0, 0, 0, 0, 0, 0, bottom, right), 0), whole);
    graph.contribute(x, graph.add("mean", new Op.Div(), padded, graph.constant(height * width)));
  }

  /** A mean over n elements, broadcast back over them. */
  private void spread(int n, String gradient) {
    String zeros = times(x, graph.constant(0));
    graph.contribute(
        x,
        graph.add(
            "spread",
            new Op.Add(),
            zeros,
            graph.add("mean", new Op.Div(), gradient, graph.constant(n))));
  }

  private void concat(Op.Concat c) {
    List<Integer> sizes = node.inputs().stream().map(i -> graph.shape(i).dim(c.axis())).toList();
    if (sizes.size() == 1) {
      graph.contribute(x, dy);
      return;
    }
    List<String> parts = graph.add("split", new Op.Split(c.axis(), sizes), sizes.size(), dy);
    for (int i = 0; i < parts.size(); i++) {
      if (active.contains(node.input(i))) {
        graph.contribute(node.input(i), parts.get(i));
      }
    }
  }

  /** Outputs that nothing used have gradient zero. */
  private void split(Op.Split s) {
    List<String> parts = new ArrayList<>();
    for (String output : node.outputs()) {
      String gradient = graph.gradient(output);
      parts.add(gradient != null ? gradient : times(output, graph.constant(0)));
    }
    graph.contribute(x, graph.add("concat", new Op.Concat(s.axis()), parts.toArray(String[]::new)));
  }

  private void gemm(Op.Gemm g) {
    if (g.transA()) {
      throw new IllegalArgumentException(
          "node '" + node.name() + "': there is no gradient rule for Gemm with transA");
    }
    graph.contribute(
        x, graph.add("gemm", new Op.Gemm(g.alpha(), 0, false, !g.transB()), dy, node.input(1)));
  }

  private String reshaped(String value, Shape shape) {
    if (shape.dims().stream().filter(d -> d == Shape.UNKNOWN).count() > 1) {
      throw new IllegalArgumentException(
          "node '" + node.name() + "': shape " + shape + " is unknown in more than the batch");
    }
    return graph.add("reshape", new Op.Reshape(shape.dims()), value);
  }
}
