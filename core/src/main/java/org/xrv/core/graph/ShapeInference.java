package org.xrv.core.graph;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The shape and element type of every value of a graph, by the shape rules of the ONNX operators,
 * with the batch size symbolic.
 */
public final class ShapeInference {
  private ShapeInference() {}

  /**
   * Infers every value.
   *
   * @return by value name, inputs and parameters included
   * @throws IllegalArgumentException when a node's inputs do not fit its op; the message names the
   *     node
   */
  public static Map<String, ValueInfo> infer(Graph graph) {
    Map<String, ValueInfo> known = new HashMap<>();
    graph.inputs().forEach(i -> known.put(i.name(), i));
    graph
        .parameters()
        .values()
        .forEach(p -> known.put(p.name(), new ValueInfo(p.name(), ElementType.FLOAT, p.shape())));
    for (Node node : graph.nodes()) {
      infer(node, known).forEach(v -> known.put(v.name(), v));
    }
    return known;
  }

  /** Infers the outputs of one node from what is known of its inputs. */
  static List<ValueInfo> infer(Node node, Map<String, ValueInfo> known) {
    List<ValueInfo> in = node.inputs().stream().map(known::get).toList();
    try {
      List<ValueInfo> out = new ArrayList<>();
      List<Shape> shapes = outputShapes(node, in);
      for (int i = 0; i < node.outputs().size(); i++) {
        out.add(new ValueInfo(node.outputs().get(i), type(node.op(), in, i), shapes.get(i)));
      }
      return out;
    } catch (IllegalArgumentException | IndexOutOfBoundsException | IllegalStateException e) {
      throw new IllegalArgumentException(
          "node '" + node.name() + "' (" + node.op().type() + "): " + e.getMessage(), e);
    }
  }

  private static ElementType type(Op op, List<ValueInfo> in, int output) {
    if (op instanceof Op.Cast cast) {
      return cast.to();
    } else if (op instanceof Op.Greater) {
      return ElementType.BOOL;
    } else if (op instanceof Op.MaxPool && output == 1) {
      return ElementType.INT64;
    } else if (op instanceof Op.Constant) {
      return ElementType.FLOAT;
    }
    return in.get(op instanceof Op.Where ? 1 : 0).type();
  }

  private static List<Shape> outputShapes(Node node, List<ValueInfo> in) {
    Op op = node.op();
    Shape x = in.isEmpty() ? Shape.of() : in.get(0).shape();
    if (op instanceof Op.Conv c) {
      Shape w = in.get(1).shape();
      require(
          x.dim(1) == w.dim(1) * c.group(),
          "input has " + x.dim(1) + " channels, the weight takes " + w.dim(1) * c.group());
      return List.of(Shape.of(x.dim(0), w.dim(0), convolved(x, w, c, 0), convolved(x, w, c, 1)));
    } else if (op instanceof Op.ConvTranspose c) {
      Shape w = in.get(1).shape();
      require(
          x.dim(1) == w.dim(0),
          "input has " + x.dim(1) + " channels, the weight takes " + w.dim(0));
      return List.of(
          Shape.of(x.dim(0), w.dim(1) * c.group(), transposed(x, w, c, 0), transposed(x, w, c, 1)));
    } else if (op instanceof Op.MaxPool p) {
      Shape y = pooled(x, p.kernel(), p.strides(), p.pads());
      return List.of(y, y);
    } else if (op instanceof Op.AveragePool p) {
      return List.of(pooled(x, p.kernel(), p.strides(), p.pads()));
    } else if (op instanceof Op.GlobalAveragePool) {
      return List.of(Shape.of(x.dim(0), x.dim(1), 1, 1));
    } else if (op instanceof Op.Add
        || op instanceof Op.Sub
        || op instanceof Op.Mul
        || op instanceof Op.Div
        || op instanceof Op.Greater) {
      return List.of(broadcast(x, in.get(1).shape()));
    } else if (op instanceof Op.Where) {
      return List.of(broadcast(x, broadcast(in.get(1).shape(), in.get(2).shape())));
    } else if (op instanceof Op.Concat c) {
      return List.of(concatenated(in, axis(c.axis(), x)));
    } else if (op instanceof Op.Split s) {
      return split(x, s);
    } else if (op instanceof Op.Gemm g) {
      Shape b = in.get(1).shape();
      int inner = g.transA() ? x.dim(0) : x.dim(1);
      require(inner == b.dim(g.transB() ? 1 : 0), "matrices " + x + " and " + b + " do not fit");
      return List.of(Shape.of(x.dim(g.transA() ? 1 : 0), b.dim(g.transB() ? 0 : 1)));
    } else if (op instanceof Op.MatMul) {
      Shape b = in.get(1).shape();
      require(x.rank() > 1 && b.rank() > 1, x + " and " + b + " are no matrices");
      require(x.dim(-1) == b.dim(-2), "matrices " + x + " and " + b + " do not fit");
      List<Integer> dims = new ArrayList<>(broadcast(stack(x), stack(b)).dims());
      dims.add(x.dim(-2));
      dims.add(b.dim(-1));
      return List.of(new Shape(dims));
    } else if (op instanceof Op.Flatten f) {
      int axis = axis(f.axis(), x);
      return List.of(
          Shape.of(product(x.dims().subList(0, axis)), product(x.dims().subList(axis, x.rank()))));
    } else if (op instanceof Op.Reshape r) {
      return List.of(reshaped(x, r.shape()));
    } else if (op instanceof Op.Expand e) {
      int batch = e.hasBatch() ? in.get(1).shape().dim(0) : 1;
      return List.of(
          broadcast(x, new Shape(e.shape().stream().map(d -> d == -1 ? batch : d).toList())));
    } else if (op instanceof Op.Transpose t) {
      require(
          t.permutation().stream().sorted().toList().equals(axes(x)),
          t.permutation() + " is no order of the axes of " + x);
      return List.of(new Shape(t.permutation().stream().map(x::dim).toList()));
    } else if (op instanceof Op.Pad p) {
      List<Integer> dims = new ArrayList<>();
      for (int i = 0; i < x.rank(); i++) {
        int extra = p.pads().get(i) + p.pads().get(i + x.rank());
        dims.add(x.dim(i) == Shape.UNKNOWN ? Shape.UNKNOWN : x.dim(i) + extra);
      }
      return List.of(new Shape(dims));
    } else if (op instanceof Op.ReduceMean r) {
      return List.of(reduced(x, r.axes(), r.keepDims()));
    } else if (op instanceof Op.ReduceSum r) {
      return List.of(reduced(x, r.axes(), r.keepDims()));
    } else if (op instanceof Op.Gather g) {
      List<Integer> dims = new ArrayList<>(x.dims());
      dims.set(axis(g.axis(), x), in.get(1).shape().dim(0));
      return List.of(new Shape(dims));
    }
    // What is left keeps the shape of its first input.
    return Collections.nCopies(node.outputs().size(), x);
  }

  private static int convolved(Shape x, Shape w, Op.Conv c, int axis) {
    int size = x.dim(2 + axis) + c.pads().get(axis) + c.pads().get(axis + 2);
    int kernel = c.dilations().get(axis) * (w.dim(2 + axis) - 1) + 1;
    require(size >= kernel, "kernel " + kernel + " on size " + size);
    return (size - kernel) / c.strides().get(axis) + 1;
  }

  private static int transposed(Shape x, Shape w, Op.ConvTranspose c, int axis) {
    long size =
        (long) c.strides().get(axis) * (x.dim(2 + axis) - 1)
            + c.outputPadding().get(axis)
            + (long) c.dilations().get(axis) * (w.dim(2 + axis) - 1)
            + 1
            - c.pads().get(axis)
            - c.pads().get(axis + 2);
    return Math.toIntExact(size);
  }

  private static Shape pooled(
      Shape x, List<Integer> kernel, List<Integer> strides, List<Integer> pads) {
    int[] size = new int[2];
    for (int axis = 0; axis < 2; axis++) {
      int padded = x.dim(2 + axis) + pads.get(axis) + pads.get(axis + 2);
      require(padded >= kernel.get(axis), "kernel " + kernel + " on " + x);
      size[axis] = (padded - kernel.get(axis)) / strides.get(axis) + 1;
    }
    return Shape.of(x.dim(0), x.dim(1), size[0], size[1]);
  }

  /** The shape of an element-by-element operation, by ONNX's (NumPy's) broadcasting. */
  public static Shape broadcast(Shape a, Shape b) {
    int rank = Math.max(a.rank(), b.rank());
    List<Integer> dims = new ArrayList<>();
    for (int i = 0; i < rank; i++) {
      int da = i < rank - a.rank() ? 1 : a.dim(i - (rank - a.rank()));
      int db = i < rank - b.rank() ? 1 : b.dim(i - (rank - b.rank()));
      require(da == db || da == 1 || db == 1, "shapes " + a + " and " + b + " do not broadcast");
      dims.add(da == 1 ? db : da);
    }
    return new Shape(dims);
  }

  /** The axes before those of the matrices. */
  private static Shape stack(Shape matrices) {
    return new Shape(matrices.dims().subList(0, matrices.rank() - 2));
  }

  private static Shape concatenated(List<ValueInfo> in, int axis) {
    List<Integer> dims = new ArrayList<>(in.get(0).shape().dims());
    int total = 0;
    for (ValueInfo v : in) {
      int size = v.shape().dim(axis);
      total = total == Shape.UNKNOWN || size == Shape.UNKNOWN ? Shape.UNKNOWN : total + size;
      for (int i = 0; i < dims.size(); i++) {
        require(i == axis || dims.get(i).equals(v.shape().dims().get(i)), "shapes differ: " + in);
      }
    }
    dims.set(axis, total);
    return new Shape(dims);
  }

  private static List<Shape> split(Shape x, Op.Split s) {
    int axis = axis(s.axis(), x);
    int sum = s.sizes().stream().mapToInt(Integer::intValue).sum();
    require(sum == x.dim(axis), "sizes " + s.sizes() + " of " + x);
    List<Shape> shapes = new ArrayList<>();
    for (int size : s.sizes()) {
      List<Integer> dims = new ArrayList<>(x.dims());
      dims.set(axis, size);
      shapes.add(new Shape(dims));
    }
    return shapes;
  }

  private static Shape reshaped(Shape x, List<Integer> target) {
    List<Integer> dims = new ArrayList<>();
    int open = -1;
    for (int i = 0; i < target.size(); i++) {
      int d = target.get(i) == 0 ? x.dim(i) : target.get(i);
      if (target.get(i) == -1) {
        require(open < 0, "two open dimensions in " + target);
        open = i;
      }
      dims.add(d);
    }
    if (open >= 0 && x.isStatic()) {
      long rest = 1;
      for (int i = 0; i < dims.size(); i++) {
        rest *= i == open ? 1 : dims.get(i);
      }
      require(rest > 0 && x.elements() % rest == 0, x + " does not reshape to " + target);
      dims.set(open, Math.toIntExact(x.elements() / rest));
    } else if (open >= 0 && x.dims().stream().filter(d -> d == Shape.UNKNOWN).count() == 1) {
      dims.set(open, openDimension(x, target, dims, open));
    } else if (open < 0) {
      // What is left open on both sides is the batch, the same number.
      boolean same = x.isStatic() == !dims.contains(Shape.UNKNOWN);
      require(same && known(x.dims()) == known(dims), x + " does not reshape to " + target);
    }
    return new Shape(dims);
  }

  /** The product of the dimensions that do not depend on the batch. */
  private static long known(List<Integer> dims) {
    long n = 1;
    for (int d : dims) {
      n = d == Shape.UNKNOWN ? n : Math.multiplyExact(n, d);
    }
    return n;
  }

  /**
   * The dimension left open when one dimension of the input is the batch: where the target copies
   * the batch, it is what the other dimensions leave; where not, it holds the batch itself.
   */
  private static int openDimension(Shape x, List<Integer> target, List<Integer> dims, int open) {
    long given = 1;
    for (int d : x.dims()) {
      given *= d == Shape.UNKNOWN ? 1 : d;
    }
    long taken = 1;
    boolean batchCopied = false;
    for (int i = 0; i < dims.size(); i++) {
      if (i != open && dims.get(i) == Shape.UNKNOWN) {
        batchCopied = true;
      } else if (i != open) {
        taken *= dims.get(i);
      }
    }
    if (!batchCopied) {
      return Shape.UNKNOWN;
    }
    require(taken > 0 && given % taken == 0, x + " does not reshape to " + target);
    return Math.toIntExact(given / taken);
  }

  private static Shape reduced(Shape x, List<Integer> axes, boolean keep) {
    List<Integer> dims = new ArrayList<>();
    List<Integer> positive = axes.stream().map(a -> axis(a, x)).toList();
    for (int i = 0; i < x.rank(); i++) {
      if (!positive.contains(i)) {
        dims.add(x.dim(i));
      } else if (keep) {
        dims.add(1);
      }
    }
    return new Shape(dims);
  }

  private static int product(List<Integer> dims) {
    int n = 1;
    for (int d : dims) {
      if (d == Shape.UNKNOWN) {
        return Shape.UNKNOWN;
      }
      n = Math.multiplyExact(n, d);
    }
    return n;
  }

  private static List<Integer> axes(Shape x) {
    return IntStream.range(0, x.rank()).boxed().toList();
  }

  private static int axis(int axis, Shape x) {
    return axis < 0 ? axis + x.rank() : axis;
  }

  private static void require(boolean ok, String message) {
    if (!ok) {
      throw new IllegalArgumentException(message);
    }
  }
}
