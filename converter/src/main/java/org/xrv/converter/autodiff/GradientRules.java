package org.xrv.converter.autodiff;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.xrv.core.graph.ElementType;
import org.xrv.core.graph.Node;
import org.xrv.core.graph.Op;
import org.xrv.core.graph.Shape;

/**
 * The rule of each op: from the gradient at its output to the gradients at those of its inputs that
 * depend on the variable. Where a rule can be told from the op's output as well as from its input,
 * it takes the output: runtimes can then join the op to the one before it, whose value nobody asks
 * for.
 */
final class GradientRules {
  private final Gradients graph;
  private final Node node;
  private final Set<String> active;
  private final ReluRule relus;
  private final String x;
  private final String dy;

  GradientRules(Gradients graph, Node node, Set<String> active, ReluRule relus) {
    this.graph = graph;
    this.node = node;
    this.active = active;
    this.relus = relus;
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
      graph.contribute(x, new ConvolutionRules(graph, node, dy).conv(c));
    } else if (op instanceof Op.ConvTranspose c) {
      onlyFirst();
      graph.contribute(x, new ConvolutionRules(graph, node, dy).convTranspose(c));
    } else if (op instanceof Op.BatchNormalization) {
      onlyFirst();
      graph.contribute(x, graph.folding().through(node, dy));
    } else if (op instanceof Op.Relu) {
      graph.contribute(x, rectified(above(node.output(), zero())));
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
    } else if (op instanceof Op.Erf) {
      // 2 / sqrt(pi) exp(-x^2)
      String bell = graph.add("bell", new Op.Exp(), graph.add("erf", new Op.Neg(), times(x, x)));
      String height = graph.add("height", new Op.Sqrt(), overPi());
      graph.contribute(x, times(dy, times(bell, height)));
    } else if (op instanceof Op.LeakyRelu l) {
      String leaked = times(dy, graph.constant(l.alpha()));
      graph.contribute(x, graph.add("leaky", new Op.Where(), above(x, zero()), dy, leaked));
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
    } else if (op instanceof Op.Cast) {
      graph.contribute(x, graph.add("cast", new Op.Cast(graph.type(x)), dy));
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
      return new PoolRules(graph, node, dy).max();
    } else if (op instanceof Op.AveragePool p) {
      graph.contribute(x, new PoolRules(graph, node, dy).average(p));
    } else if (op instanceof Op.GlobalAveragePool) {
      reduced(List.of(2, 3), true);
    } else if (op instanceof Op.Concat c) {
      concat(c);
    } else if (op instanceof Op.Split s) {
      split(s);
    } else if (op instanceof Op.Gemm g) {
      gemm(g);
    } else if (op instanceof Op.MatMul) {
      MatrixRules rules = new MatrixRules(graph, node, dy);
      if (active.contains(x)) {
        unbroadcast(0, rules.left(), 2);
      }
      if (active.contains(node.input(1))) {
        unbroadcast(1, rules.right(), 2);
      }
    } else if (op instanceof Op.Flatten || op instanceof Op.Reshape) {
      graph.contribute(x, reshaped(dy, graph.shape(x)));
    } else if (op instanceof Op.Expand) {
      each(0, dy); // the second input gives its size only
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
      clip(c);
    } else if (op instanceof Op.Gather g) {
      gather(g);
    } else if (op instanceof Op.ScatterElements) {
      onlyFirst();
      graph.contribute(x, dy);
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
                + "': there is no gradient rule for "
                + (node.op() instanceof Op.ScatterElements ? "the updates" : "the weights")
                + " of "
                + node.op().type());
      }
    }
  }

  private String times(String a, String b) {
    return graph.add("times", new Op.Mul(), a, b);
  }

  private String zero() {
    return graph.constant(0);
  }

  private String above(String value, String bound) {
    return graph.add("above", new Op.Greater(), value, bound);
  }

  /**
   * The gradient where a condition holds: by a product, which ONNX Runtime does faster than Where.
   */
  private String masked(String gradient, String condition) {
    return times(gradient, graph.add("mask", new Op.Cast(ElementType.FLOAT), condition));
  }

  private String rectified(String passes) {
    String exact = masked(dy, passes);
    return relus == ReluRule.EXACT ? exact : graph.add("guided", new Op.Relu(), exact);
  }

  private void clip(Op.Clip c) {
    String y = node.output();
    String result = dy;
    if (c.min() > -Float.MAX_VALUE) {
      result = masked(result, above(y, graph.constant(c.min())));
    }
    if (c.max() < Float.MAX_VALUE) {
      result = masked(result, above(graph.constant(c.max()), y));
    }
    boolean stopped = relus == ReluRule.GUIDED && c.min() == 0;
    graph.contribute(x, stopped ? graph.add("guided", new Op.Relu(), result) : result);
  }

  /**
   * A contribution to an input of an op that broadcasts: summed over the axes along which the input
   * was repeated.
   */
  private void each(int input, String gradient) {
    if (active.contains(node.input(input))) {
      unbroadcast(input, gradient, 0);
    }
  }

  /**
   * Sums over the axes along which an input was repeated.
   *
   * @param last axes at the end, of the output and of the input, that are not those of broadcasting
   */
  private void unbroadcast(int input, String gradient, int last) {
    String name = node.input(input);
    Shape from = graph.shape(node.output());
    Shape to = graph.shape(name);
    List<Integer> axes = new ArrayList<>();
    int extra = from.rank() - to.rank();
    for (int i = 0; i < from.rank() - last; i++) {
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
  /**
   * 4 / pi within 1e-13: a ratio of whole numbers that float32 holds exactly, so that the graph
   * computes it as well in float64.
   */
  private String overPi() {
    return graph.add("overPi", new Op.Div(), graph.constant(13435351), graph.constant(10552100));
  }

  private void where() {
    String condition = node.input(0);
    if (active.contains(node.input(1))) {
      each(1, graph.add("chosen", new Op.Where(), condition, dy, zero()));
    }
    if (active.contains(node.input(2))) {
      each(2, graph.add("other", new Op.Where(), condition, zero(), dy));
    }
  }

  /** y (dy - sum(dy y)), the sum along the axis. */
  private void softmax(Op.Softmax s) {
    String total =
        graph.add("total", new Op.ReduceSum(List.of(s.axis()), true), times(dy, node.output()));
    graph.contribute(x, times(node.output(), graph.add("centred", new Op.Sub(), dy, total)));
  }

  /**
   * The gradient with its reduced axes of length 1 again, repeated along them by a product with
   * ones, or for a mean with the share of each element.
   */
  private void reduced(List<Integer> axes, boolean mean) {
    Shape in = graph.shape(x);
    List<Integer> kept = new ArrayList<>(in.dims());
    List<Integer> repeats = new ArrayList<>(Collections.nCopies(in.rank(), 1));
    int count = 1;
    for (int axis : axes) {
      int positive = axis < 0 ? axis + in.rank() : axis;
      kept.set(positive, 1);
      repeats.set(positive, in.dim(positive));
      count *= in.dim(positive);
    }
    if (repeats.contains(Shape.UNKNOWN)) {
      throw new IllegalArgumentException(
          "node '" + node.name() + "': there is no gradient rule for reducing over the batch");
    }
    String one =
        graph.shape(node.output()).rank() == in.rank() ? dy : reshaped(dy, new Shape(kept));
    String share = mean ? graph.add("mean", new Op.Div(), one, graph.constant(count)) : one;
    graph.contribute(x, times(share, graph.ones(repeats)));
  }

  private void quotient() {
    String divisor = node.input(1);
    String scaled = graph.add("quotient", new Op.Div(), dy, divisor);
    each(0, scaled);
    if (active.contains(divisor)) {
      each(1, graph.add("neg", new Op.Neg(), times(scaled, node.output())));
    }
  }

  private void concat(Op.Concat c) {
    List<Integer> sizes = node.inputs().stream().map(i -> graph.shape(i).dim(c.axis())).toList();
    if (sizes.size() == 1) {
      graph.contribute(x, dy);
      return;
    }
    if (sizes.contains(Shape.UNKNOWN)) {
      throw new IllegalArgumentException(
          "node '" + node.name() + "': there is no gradient rule for joining along the batch");
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
      parts.add(gradient != null ? gradient : times(output, zero()));
    }
    graph.contribute(x, graph.add("concat", new Op.Concat(s.axis()), parts.toArray(String[]::new)));
  }

  private void gemm(Op.Gemm g) {
    MatrixRules rules = new MatrixRules(graph, node, dy);
    if (active.contains(x)) {
      graph.contribute(x, rules.gemmLeft(g));
    }
    if (active.contains(node.input(1))) {
      graph.contribute(node.input(1), rules.gemmRight(g));
    }
    if (node.inputs().size() > 2) {
      each(2, g.beta() == 1 ? dy : times(dy, graph.constant(g.beta())));
    }
  }

  /** What was gathered twice gets both gradients. */
  private void gather(Op.Gather g) {
    Shape in = graph.shape(x);
    int axis = g.axis() < 0 ? g.axis() + in.rank() : g.axis();
    if (in.dim(axis) == Shape.UNKNOWN) {
      throw new IllegalArgumentException(
          "node '" + node.name() + "': there is no gradient rule for picking from the batch");
    }
    List<Integer> along = new ArrayList<>(Collections.nCopies(in.rank(), 1));
    along.set(axis, -1);
    // Indices in the shape of the gradient, whatever the batch: added to zeros.
    String none = graph.add("none", new Op.Cast(ElementType.INT64), times(dy, zero()));
    String indices = graph.add("indices", new Op.Reshape(along), node.input(1));
    String everywhere = graph.add("indices", new Op.Add(), none, indices);
    graph.contribute(
        x, graph.add("scatter", new Op.ScatterElements(axis), times(x, zero()), everywhere, dy));
  }

  private String reshaped(String value, Shape shape) {
    if (shape.dims().stream().filter(d -> d == Shape.UNKNOWN).count() > 1) {
      throw new IllegalArgumentException(
          "node '" + node.name() + "': shape " + shape + " is unknown in more than the batch");
    }
    return graph.add("reshape", new Op.Reshape(shape.dims()), value);
  }
}
