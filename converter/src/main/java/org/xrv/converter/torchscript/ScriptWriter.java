package org.xrv.converter.torchscript;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.xrv.core.graph.ElementType;
import org.xrv.core.graph.Graph;
import org.xrv.core.graph.Node;
import org.xrv.core.graph.Op;
import org.xrv.core.graph.Shape;
import org.xrv.core.graph.ShapeInference;
import org.xrv.core.graph.ValueInfo;

/**
 * Writes the statements of a method: one for each node, in the names of PyTorch's operators (aten).
 */
final class ScriptWriter {
  /** Lower than any value: what max-pooling pads with, so that padding never wins. */
  private static final String LOWEST = "-3.4028234663852886e+38";

  private final Precision precision;
  private final TypeScript types;
  private final boolean training;
  private final StringBuilder text = new StringBuilder();
  private final Map<String, String> names = new HashMap<>();
  private Set<String> overwritable = Set.of();
  private Map<String, ValueInfo> shapes = Map.of();
  private int count;

  ScriptWriter(Numerics numerics, boolean training) {
    this.precision = numerics.precision();
    this.types = new TypeScript(numerics);
    this.training = training;
  }

  void bind(String value, String expression) {
    names.put(value, expression);
  }

  String value(String name) {
    return names.get(name);
  }

  void line(String statement) {
    text.append("    ").append(statement).append('\n');
  }

  String text() {
    return text.toString();
  }

  void graph(Graph graph) {
    shapes = ShapeInference.infer(graph);
    overwritable = overwritable(graph);
    for (Node node : graph.nodes()) {
      write(node);
    }
  }

  /**
   * Values that a ReLU may overwrite: used by nothing else, made by an operation whose gradient
   * does not need its result.
   */
  private static Set<String> overwritable(Graph graph) {
    Map<String, Integer> uses = new HashMap<>();
    graph.nodes().forEach(n -> n.inputs().forEach(i -> uses.merge(i, 1, Integer::sum)));
    graph.outputs().forEach(o -> uses.merge(o, 1, Integer::sum));
    Set<String> result = new HashSet<>();
    for (Node n : graph.nodes()) {
      boolean free =
          n.op() instanceof Op.BatchNormalization
              || n.op() instanceof Op.Add
              || n.op() instanceof Op.Conv;
      if (free && uses.getOrDefault(n.output(), 0) == 1) {
        result.add(n.output());
      }
    }
    return result;
  }

  private String define(String value) {
    String name = "y" + count++;
    names.put(value, name);
    return name;
  }

  private void assign(Node node, String expression) {
    line(define(node.output()) + " = " + expression);
  }

  private void call(Node node, String function, Object... more) {
    List<String> arguments = new ArrayList<>(node.inputs().stream().map(names::get).toList());
    for (Object o : more) {
      arguments.add(o.toString());
    }
    assign(node, "torch." + function + "(" + String.join(", ", arguments) + ")");
  }

  private void write(Node node) {
    Op op = node.op();
    String x = node.inputs().isEmpty() ? "" : names.get(node.input(0));
    if (op instanceof Op.Conv c) {
      boolean even = symmetric(c.pads());
      String in = even ? x : padded(x, c.pads(), "0.");
      assign(
          node,
          "torch.conv2d("
              + types.computed(in)
              + ", "
              + types.filters(names.get(node.input(1)))
              + ", "
              + optional(node, 2)
              + ", "
              + c.strides()
              + ", "
              + (even ? c.pads().subList(0, 2) : "[0, 0]")
              + ", "
              + c.dilations()
              + ", "
              + c.group()
              + ")");
    } else if (op instanceof Op.ConvTranspose c) {
      writeTransposed(node, c, x);
    } else if (op instanceof Op.BatchNormalization b) {
      call(
          node,
          "batch_norm",
          training ? "True" : "False",
          1.0 - decimal(b.momentum()),
          decimal(b.epsilon()),
          "True");
    } else if (op instanceof Op.Relu) {
      call(node, training && overwritable.contains(node.input(0)) ? "relu_" : "relu");
    } else if (op instanceof Op.LeakyRelu l) {
      call(node, "leaky_relu", decimal(l.alpha()));
    } else if (op instanceof Op.MaxPool p) {
      writeMaxPool(node, p, x);
    } else if (op instanceof Op.AveragePool p) {
      writeAveragePool(node, p, x);
    } else if (op instanceof Op.GlobalAveragePool) {
      call(node, "mean", "[2, 3]", "True");
    } else if (op instanceof Op.Concat c) {
      assign(
          node,
          "torch.cat("
              + node.inputs().stream().map(names::get).collect(Collectors.joining(", ", "[", "]"))
              + ", "
              + c.axis()
              + ")");
    } else if (op instanceof Op.Split s) {
      String parts = "parts" + count++;
      line(parts + " = torch.split_with_sizes(" + x + ", " + s.sizes() + ", " + s.axis() + ")");
      for (int i = 0; i < node.outputs().size(); i++) {
        line(define(node.outputs().get(i)) + " = " + parts + "[" + i + "]");
      }
    } else if (op instanceof Op.Gemm g) {
      writeGemm(node, g, x);
    } else if (op instanceof Op.Flatten f) {
      writeFlatten(node, f, x);
    } else if (op instanceof Op.Reshape r) {
      List<String> dims = new ArrayList<>();
      for (int i = 0; i < r.shape().size(); i++) {
        dims.add(
            r.shape().get(i) == 0
                ? "torch.size(" + x + ", " + i + ")"
                : r.shape().get(i).toString());
      }
      call(node, "reshape", dims);
    } else if (op instanceof Op.Expand e) {
      writeExpand(node, e, x);
    } else if (op instanceof Op.Transpose t) {
      call(node, "permute", t.permutation());
    } else if (op instanceof Op.Pad p) {
      call(node, "constant_pad_nd", innermostFirst(p.pads()), literal(p.value()));
    } else if (op instanceof Op.Clip c) {
      call(node, "clamp", literal(c.min()), literal(c.max()));
    } else if (op instanceof Op.ReduceMean r) {
      call(node, "mean", r.axes(), r.keepDims() ? "True" : "False");
    } else if (op instanceof Op.ReduceSum r) {
      call(node, "sum", r.axes(), r.keepDims() ? "True" : "False");
    } else if (op instanceof Op.Softmax s) {
      call(node, "softmax", s.axis());
    } else if (op instanceof Op.Cast c) {
      assign(node, "torch.to(" + x + ", " + scalarType(c.to()) + ")");
    } else if (op instanceof Op.Constant c) {
      // torch.tensor would round the number to float32 first.
      assign(
          node,
          "torch.full(annotate(List[int], []), "
              + literal(c.value())
              + ", dtype="
              + precision.scalarType()
              + ")");
    } else if (op instanceof Op.ScatterElements s) {
      assign(
          node,
          "torch.scatter_add("
              + x
              + ", "
              + s.axis()
              + ", "
              + indices(node, s.axis())
              + ", "
              + names.get(node.input(2))
              + ")");
    } else if (op instanceof Op.Gather g) {
      assign(
          node, "torch.index_select(" + x + ", " + g.axis() + ", " + indices(node, g.axis()) + ")");
    } else if (op instanceof Op.Identity) {
      names.put(node.output(), x);
    } else if (op instanceof Op.MatMul) {
      assign(
          node,
          "torch.matmul("
              + types.computed(x)
              + ", "
              + types.computed(names.get(node.input(1)))
              + ")");
    } else {
      call(node, elementwise(op));
    }
  }

  /** The sizes after broadcasting; what depends on the batch is asked of the value that has it. */
  private void writeExpand(Node node, Op.Expand e, String x) {
    Shape out = shapes.get(node.output()).shape();
    Shape in = shapes.get(node.input(0)).shape();
    List<String> sizes = new ArrayList<>();
    for (int i = 0; i < out.rank(); i++) {
      int own = i - (out.rank() - in.rank());
      int asked = i - (out.rank() - e.shape().size());
      if (out.dim(i) != Shape.UNKNOWN) {
        sizes.add(Integer.toString(out.dim(i)));
      } else if (own >= 0 && in.dim(own) == Shape.UNKNOWN) {
        sizes.add("torch.size(" + x + ", " + own + ")");
      } else if (asked >= 0 && e.shape().get(asked) == -1) {
        sizes.add("torch.size(" + names.get(node.input(1)) + ", 0)");
      }
    }
    assign(node, "torch.expand(" + x + ", [" + String.join(", ", sizes) + "])");
  }

  private static String elementwise(Op op) {
    if (op instanceof Op.Greater) {
      return "gt";
    }
    // Add, Sub, Mul, Div, Where, Sigmoid, Tanh, Exp, Log, Sqrt, Erf, Abs, Neg, Sign: the same word
    // in lower case.
    return op.type().toLowerCase(java.util.Locale.ROOT);
  }

  /** In PyTorch, indices do not count from the end. */
  private String indices(Node node, int axis) {
    String indices = names.get(node.input(1));
    String size = "torch.size(" + names.get(node.input(0)) + ", " + axis + ")";
    return "torch.where(torch.lt("
        + indices
        + ", 0), torch.add("
        + indices
        + ", "
        + size
        + "), "
        + indices
        + ")";
  }

  private void writeFlatten(Node node, Op.Flatten f, String x) {
    int rank = shapes.get(node.input(0)).shape().rank();
    int axis = f.axis() < 0 ? f.axis() + rank : f.axis();
    if (axis == 0) {
      call(node, "reshape", "[1, -1]");
    } else if (axis == rank) {
      call(node, "reshape", "[-1, 1]");
    } else {
      String rows = axis == 1 ? x : "torch.flatten(" + x + ", 0, " + (axis - 1) + ")";
      assign(node, "torch.flatten(" + rows + ", 1)");
    }
  }

  private void writeTransposed(Node node, Op.ConvTranspose c, String x) {
    boolean even = symmetric(c.pads());
    boolean legal =
        c.outputPadding().get(0) < Math.max(c.strides().get(0), c.dilations().get(0))
            && c.outputPadding().get(1) < Math.max(c.strides().get(1), c.dilations().get(1));
    String call =
        "torch.conv_transpose2d("
            + types.computed(x)
            + ", "
            + types.filters(names.get(node.input(1)))
            + ", ";
    if (even && legal) {
      assign(
          node,
          call
              + optional(node, 2)
              + ", "
              + c.strides()
              + ", "
              + c.pads().subList(0, 2)
              + ", "
              + c.outputPadding()
              + ", "
              + c.group()
              + ", "
              + c.dilations()
              + ")");
      return;
    }
    // PyTorch knows neither uneven padding nor output padding from the stride on: make the unpadded
    // result, then crop, or extend with zeros.
    String full =
        call
            + "None, "
            + c.strides()
            + ", [0, 0], [0, 0], "
            + c.group()
            + ", "
            + c.dilations()
            + ")";
    List<Integer> crop =
        List.of(
            -c.pads().get(0),
            -c.pads().get(1),
            c.outputPadding().get(0) - c.pads().get(2),
            c.outputPadding().get(1) - c.pads().get(3));
    String cropped = padded(full, crop, "0.");
    assign(
        node,
        node.inputs().size() > 2
            ? "torch.add("
                + cropped
                + ", torch.reshape("
                + names.get(node.input(2))
                + ", [1, -1, 1, 1]))"
            : cropped);
  }

  /**
   * Whether PyTorch's pools take the padding: the same at both ends, and at most half the kernel.
   */
  private static boolean poolsTake(List<Integer> kernel, List<Integer> pads) {
    return symmetric(pads) && 2 * pads.get(0) <= kernel.get(0) && 2 * pads.get(1) <= kernel.get(1);
  }

  private void writeMaxPool(Node node, Op.MaxPool p, String x) {
    boolean taken = poolsTake(p.kernel(), p.pads());
    String in = taken ? x : padded(x, p.pads(), LOWEST);
    String arguments =
        in
            + ", "
            + p.kernel()
            + ", "
            + p.strides()
            + ", "
            + (taken ? p.pads().subList(0, 2) : "[0, 0]")
            + ", [1, 1], False)";
    if (node.outputs().size() == 1) {
      assign(node, "torch.max_pool2d(" + arguments);
      return;
    }
    Shape in4 = shapes.get(node.input(0)).shape();
    String plane = "plane" + count++;
    line(
        define(node.outputs().get(0))
            + ", "
            + plane
            + " = torch.max_pool2d_with_indices("
            + arguments);
    if (!taken) {
      line(plane + " = " + withoutPadding(plane, p.pads(), in4.dim(3)));
    }
    // PyTorch counts within a channel, ONNX over the whole tensor.
    int area = in4.dim(2) * in4.dim(3);
    String planes = "torch.mul(torch.size(" + x + ", 0), " + in4.dim(1) + ")";
    line(
        define(node.outputs().get(1))
            + " = torch.add("
            + plane
            + ", torch.reshape(torch.mul(torch.arange("
            + planes
            + ", dtype=None, layout=None, device=ops.prim.device("
            + x
            + "), pin_memory=None), "
            + area
            + "), [-1, "
            + in4.dim(1)
            + ", 1, 1]))");
  }

  /** Positions in a padded plane as positions in the plane of that width within. */
  private static String withoutPadding(String positions, List<Integer> pads, int width) {
    int paddedWidth = pads.get(1) + width + pads.get(3);
    return "torch.add(torch.mul(torch.sub(torch.floor_divide("
        + positions
        + ", "
        + paddedWidth
        + "), "
        + pads.get(0)
        + "), "
        + width
        + "), torch.sub(torch.remainder("
        + positions
        + ", "
        + paddedWidth
        + "), "
        + pads.get(1)
        + "))";
  }

  private void writeAveragePool(Node node, Op.AveragePool p, String x) {
    if (poolsTake(p.kernel(), p.pads())) {
      assign(
          node,
          "torch.avg_pool2d("
              + x
              + ", "
              + p.kernel()
              + ", "
              + p.strides()
              + ", "
              + p.pads().subList(0, 2)
              + ", False, "
              + (p.countIncludePad() ? "True" : "False")
              + ", None)");
      return;
    }
    String tail = ", " + p.kernel() + ", " + p.strides() + ", [0, 0], False, True, None)";
    String mean = "torch.avg_pool2d(" + padded(x, p.pads(), "0.") + tail;
    String share =
        "torch.avg_pool2d(" + padded("torch.ones_like(" + x + ")", p.pads(), "0.") + tail;
    assign(node, p.countIncludePad() ? mean : "torch.div(" + mean + ", " + share + ")");
  }

  private void writeGemm(Node node, Op.Gemm g, String x) {
    String in = types.computed(x);
    String w = types.computed(names.get(node.input(1)));
    if (g.alpha() == 1 && g.beta() == 1 && !g.transA() && g.transB()) {
      assign(node, "torch.linear(" + in + ", " + w + ", " + optional(node, 2) + ")");
      return;
    }
    String product =
        "torch.mul(torch.matmul("
            + (g.transA() ? "torch.t(" + in + ")" : in)
            + ", "
            + (g.transB() ? "torch.t(" + w + ")" : w)
            + "), "
            + decimal(g.alpha())
            + ")";
    assign(
        node,
        node.inputs().size() > 2
            ? "torch.add("
                + product
                + ", torch.mul("
                + names.get(node.input(2))
                + ", "
                + decimal(g.beta())
                + "))"
            : product);
  }

  private String optional(Node node, int input) {
    return node.inputs().size() > input ? types.computed(names.get(node.input(input))) : "None";
  }

  private int scalarType(ElementType type) {
    return switch (type) {
      case FLOAT, DOUBLE, FLOAT16 -> precision.scalarType();
      case INT64 -> 4;
      case BOOL -> 11;
    };
  }

  private static boolean symmetric(List<Integer> pads) {
    return pads.get(0).equals(pads.get(2)) && pads.get(1).equals(pads.get(3));
  }

  private static String padded(String x, List<Integer> pads, String value) {
    return "torch.constant_pad_nd("
        + x
        + ", ["
        + pads.get(1)
        + ", "
        + pads.get(3)
        + ", "
        + pads.get(0)
        + ", "
        + pads.get(2)
        + "], "
        + value
        + ")";
  }

  /**
   * ONNX's pads (all begins, then all ends, outermost first) in PyTorch's order (pairs of begin and
   * end, innermost first).
   */
  private static List<Integer> innermostFirst(List<Integer> pads) {
    List<Integer> result = new ArrayList<>();
    int rank = pads.size() / 2;
    for (int axis = rank - 1; axis >= 0; axis--) {
      Collections.addAll(result, pads.get(axis), pads.get(axis + rank));
    }
    return result;
  }

  /** A float attribute as TorchScript writes numbers; what ONNX calls unbounded may be infinite. */
  private static String literal(float value) {
    if (Float.isNaN(value)) {
      return "nan";
    } else if (Float.isInfinite(value)) {
      return value > 0 ? "inf" : "-inf";
    } else if (Math.abs(value) == Float.MAX_VALUE) {
      return Double.toString(value); // its decimal is above it, too much for float32
    }
    return Double.toString(decimal(value));
  }

  /** The double that a float attribute stands for: 1e-5f is 0.00001, not 0.00000999999974737875. */
  static double decimal(float value) {
    return Double.parseDouble(Float.toString(value));
  }
}
