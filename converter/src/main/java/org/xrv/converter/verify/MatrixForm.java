package org.xrv.converter.verify;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.xrv.core.graph.Graph;
import org.xrv.core.graph.Node;
import org.xrv.core.graph.Op;
import org.xrv.core.graph.Shape;
import org.xrv.core.graph.ShapeInference;
import org.xrv.core.graph.ValueInfo;

/**
 * A graph whose convolutions and averages are written as products of matrices, crops and sums, one
 * product for each position of the kernel: ONNX Runtime has those for float64 and the others for
 * float32 only.
 */
final class MatrixForm {
  private final Map<String, ValueInfo> values;
  private final List<Node> nodes = new ArrayList<>();
  private int count;

  private static final float ERF_BOUND = 4.5f;
  private static final int ERF_TERMS = 90;

  /** What float32 leaves of pi. */
  private static final float PI_REST = (float) (Math.PI - (float) Math.PI);

  private MatrixForm(Graph graph) {
    this.values = ShapeInference.infer(graph);
  }

  static Graph of(Graph graph) {
    MatrixForm form = new MatrixForm(graph);
    graph.nodes().forEach(form::rewrite);
    return graph.withNodes(form.nodes, graph.parameters());
  }

  private void rewrite(Node node) {
    Op op = node.op();
    if (op instanceof Op.Conv c) {
      finish(node, biased(node, conv(node, c)));
    } else if (op instanceof Op.ConvTranspose c) {
      finish(node, biased(node, convTranspose(node, c)));
    } else if (op instanceof Op.AveragePool p) {
      finish(node, average(node, p));
    } else if (op instanceof Op.GlobalAveragePool) {
      nodes.add(
          new Node(
              node.name(), new Op.ReduceMean(List.of(2, 3), true), node.inputs(), node.outputs()));
    } else if (op instanceof Op.LeakyRelu l) {
      String x = node.input(0);
      String positive = add(new Op.Greater(), x, constant(0));
      finish(node, add(new Op.Where(), positive, x, add(new Op.Mul(), x, constant(l.alpha()))));
    } else if (op instanceof Op.Erf) {
      finish(node, erf(node.input(0)));
    } else {
      nodes.add(node);
    }
  }

  /**
   * erf(x) = 2 / sqrt(pi) exp(-x^2) sum of 2^n x^(2n+1) / (1 3 5 ... (2n+1)), all of one sign, so
   * that nothing cancels (Abramowitz and Stegun 7.1.6); ONNX Runtime has no erf in float64. Beyond
   * 4.5 it is 1 within 2e-10.
   */
  private String erf(String x) {
    String bounded = add(new Op.Clip(-ERF_BOUND, ERF_BOUND), x);
    String square = add(new Op.Mul(), bounded, bounded);
    // Horner's scheme from the last term: the ratio of two terms is 2 x^2 / (2n + 1).
    String sum = constant(1);
    for (int n = ERF_TERMS; n >= 1; n--) {
      String ratio = add(new Op.Div(), square, constant(n + 0.5f));
      sum = add(new Op.Add(), add(new Op.Mul(), ratio, sum), constant(1));
    }
    // 2 / sqrt(pi) as the product of numbers that float32 holds: sqrt(4 / pi), pi in two parts.
    String bell = add(new Op.Exp(), add(new Op.Neg(), square));
    String height =
        add(
            new Op.Sqrt(),
            add(
                new Op.Div(),
                constant(4),
                add(new Op.Add(), constant((float) Math.PI), constant(PI_REST))));
    return add(new Op.Mul(), add(new Op.Mul(), height, bell), add(new Op.Mul(), bounded, sum));
  }

  private void finish(Node node, String value) {
    nodes.add(new Node(node.name(), new Op.Identity(), List.of(value), node.outputs()));
  }

  private String add(Op op, String... inputs) {
    String name = "matrix." + count++;
    nodes.add(new Node(name, op, List.of(inputs), List.of(name)));
    return name;
  }

  private String constant(float value) {
    return add(new Op.Constant(value));
  }

  private Shape shape(String value) {
    return values.get(value).shape();
  }

  private String biased(Node node, String value) {
    return node.inputs().size() < 3
        ? value
        : add(new Op.Add(), value, add(new Op.Reshape(List.of(1, -1, 1, 1)), node.input(2)));
  }

  private String pad(String value, int[] begins, int[] ends) {
    List<Integer> pads = new ArrayList<>();
    boolean none = true;
    for (int[] side : List.of(begins, ends)) {
      for (int p : side) {
        pads.add(p);
        none &= p == 0;
      }
    }
    return none ? value : add(new Op.Pad(pads, 0), value);
  }

  private String sum(String a, String b) {
    return a == null ? b : add(new Op.Add(), a, b);
  }

  /** The weight of one position of the kernel, in groups. */
  private String weight(Node node, int i, int j, int group) {
    Shape w = shape(node.input(1));
    String one =
        pad(
            node.input(1),
            new int[] {0, 0, -i, -j},
            new int[] {0, 0, i + 1 - w.dim(2), j + 1 - w.dim(3)});
    return add(new Op.Reshape(List.of(group, w.dim(0) / group, w.dim(1))), one);
  }

  private String conv(Node node, Op.Conv c) {
    Shape w = shape(node.input(1));
    Shape x = shape(node.input(0));
    Shape y = shape(node.output());
    Window window = new Window(x, y, w.dims().subList(2, 4), c.strides(), c.pads(), c.dilations());
    String padded = window.padded(node.input(0));
    String total = null;
    for (int i = 0; i < w.dim(2); i++) {
      for (int j = 0; j < w.dim(3); j++) {
        String columns =
            add(
                new Op.Reshape(List.of(0, c.group(), w.dim(1), y.dim(2) * y.dim(3))),
                window.at(padded, i, j));
        total = sum(total, add(new Op.MatMul(), weight(node, i, j, c.group()), columns));
      }
    }
    return add(new Op.Reshape(image(y)), total);
  }

  /** A batch, whatever it is, of images. */
  private static List<Integer> image(Shape y) {
    return List.of(batch(y), y.dim(1), y.dim(2), y.dim(3));
  }

  private static int batch(Shape y) {
    return y.dim(0) == Shape.UNKNOWN ? -1 : y.dim(0);
  }

  private String convTranspose(Node node, Op.ConvTranspose c) {
    Shape w = shape(node.input(1));
    Shape x = shape(node.input(0));
    Shape y = shape(node.output());
    String columns =
        add(
            new Op.Reshape(List.of(0, c.group(), w.dim(0) / c.group(), x.dim(2) * x.dim(3))),
            node.input(0));
    int high = c.strides().get(0);
    int wide = c.strides().get(1);
    String total = null;
    for (int i = 0; i < w.dim(2); i++) {
      for (int j = 0; j < w.dim(3); j++) {
        String turned = add(new Op.Transpose(List.of(0, 2, 1)), weight(node, i, j, c.group()));
        String product = add(new Op.MatMul(), turned, columns);
        String cells =
            add(new Op.Reshape(List.of(batch(y), y.dim(1), x.dim(2), 1, x.dim(3), 1)), product);
        String apart = pad(cells, new int[6], new int[] {0, 0, 0, high - 1, 0, wide - 1});
        String spread = add(new Op.Reshape(List.of(0, 0, x.dim(2) * high, x.dim(3) * wide)), apart);
        int top = c.dilations().get(0) * i - c.pads().get(0);
        int left = c.dilations().get(1) * j - c.pads().get(1);
        total =
            sum(
                total,
                pad(
                    spread,
                    new int[] {0, 0, top, left},
                    new int[] {
                      0, 0, y.dim(2) - top - x.dim(2) * high, y.dim(3) - left - x.dim(3) * wide
                    }));
      }
    }
    return total;
  }

  private String average(Node node, Op.AveragePool p) {
    Shape x = shape(node.input(0));
    Shape y = shape(node.output());
    Window window = new Window(x, y, p.kernel(), p.strides(), p.pads(), List.of(1, 1));
    String total = window.total(node.input(0));
    if (p.countIncludePad()) {
      return add(new Op.Div(), total, constant((float) p.kernel().get(0) * p.kernel().get(1)));
    }
    String one = add(new Op.Reshape(List.of(1, 1, 1, 1)), constant(1));
    String ones = add(new Op.Pad(List.of(0, 0, 0, 0, 0, 0, x.dim(2) - 1, x.dim(3) - 1), 1), one);
    return add(new Op.Div(), total, window.total(ones));
  }

  /** What a kernel sees of images. */
  private final class Window {
    private final Shape x;
    private final Shape y;
    private final List<Integer> kernel;
    private final List<Integer> strides;
    private final List<Integer> pads;
    private final List<Integer> dilations;
    private final int[] size = new int[2];

    Window(
        Shape x,
        Shape y,
        List<Integer> kernel,
        List<Integer> strides,
        List<Integer> pads,
        List<Integer> dilations) {
      this.x = x;
      this.y = y;
      this.kernel = kernel;
      this.strides = strides;
      this.pads = pads;
      this.dilations = dilations;
      for (int axis = 0; axis < 2; axis++) {
        int seen =
            dilations.get(axis) * (kernel.get(axis) - 1) + y.dim(2 + axis) * strides.get(axis);
        int padded = x.dim(2 + axis) + pads.get(axis) + pads.get(2 + axis);
        size[axis] = Math.max(seen, padded);
      }
    }

    String padded(String value) {
      return pad(
          value,
          new int[] {0, 0, pads.get(0), pads.get(1)},
          new int[] {0, 0, size[0] - x.dim(2) - pads.get(0), size[1] - x.dim(3) - pads.get(1)});
    }

    /** The pixels below one position of the kernel: [N, C, h, 1, w, 1]. */
    String at(String padded, int i, int j) {
      int top = dilations.get(0) * i;
      int left = dilations.get(1) * j;
      int high = y.dim(2) * strides.get(0);
      int wide = y.dim(3) * strides.get(1);
      String part =
          pad(
              padded,
              new int[] {0, 0, -top, -left},
              new int[] {0, 0, top + high - size[0], left + wide - size[1]});
      String cells =
          add(
              new Op.Reshape(List.of(0, 0, y.dim(2), strides.get(0), y.dim(3), strides.get(1))),
              part);
      return pad(cells, new int[6], new int[] {0, 0, 0, 1 - strides.get(0), 0, 1 - strides.get(1)});
    }

    String total(String value) {
      String padded = padded(value);
      String total = null;
      for (int i = 0; i < kernel.get(0); i++) {
        for (int j = 0; j < kernel.get(1); j++) {
          total = sum(total, at(padded, i, j));
        }
      }
      return add(new Op.Reshape(List.of(0, 0, y.dim(2), y.dim(3))), total);
    }
  }
}
