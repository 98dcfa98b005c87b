package org.xrv.converter.torchscript;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.xrv.core.graph.Graph;
import org.xrv.core.graph.Node;
import org.xrv.core.graph.Op;
import org.xrv.core.graph.Parameter;
import org.xrv.core.graph.ShapeInference;
import org.xrv.core.graph.ValueInfo;

/**
 * Forward and backward pass of a graph in training form, both written out in PyTorch's operators.
 * Against autograd that frees each activation at its last use, lets a gradient overwrite the one it
 * is made from, and leaves out what changes nothing.
 *
 * <p>Each node writes its forward statement and leaves behind how its backward one is written;
 * these are called in reverse order.
 */
final class StepScript {
  /** Gradients of a convolution: by its image, weight and bias. */
  private static final List<Boolean> ALL = List.of(true, true, true);

  private static final List<Boolean> WITHOUT_BIAS = List.of(true, true, false);
  private static final List<Boolean> IMAGE_ONLY = List.of(true, false, false);
  private static final List<Boolean> WEIGHT_ONLY = List.of(false, true, false);
  private final TypeScript types;
  private final StringBuilder text = new StringBuilder();
  private final Map<String, String> names = new HashMap<>();
  private final Map<String, Parameter> parameters;
  private final Map<String, ValueInfo> shapes;
  private final Graph graph;
  private final List<Consumer<Gradients>> tape = new ArrayList<>();
  private final Set<String> overwritable = new HashSet<>();
  private final Set<String> neverNegative = new HashSet<>();
  private int count;

  StepScript(Graph graph, Numerics numerics) {
    this.graph = graph;
    this.types = new TypeScript(numerics);
    this.parameters = graph.parameters();
    this.shapes = ShapeInference.infer(graph);
    Map<String, Integer> uses = new HashMap<>();
    graph.nodes().forEach(n -> n.inputs().forEach(i -> uses.merge(i, 1, Integer::sum)));
    graph.outputs().forEach(o -> uses.merge(o, 1, Integer::sum));
    for (Node n : graph.nodes()) {
      // Of these, the backward pass does not need the result.
      boolean free = n.op() instanceof Op.BatchNormalization || n.op() instanceof Op.Add;
      if (free && uses.get(n.output()) == 1) {
        overwritable.add(n.output());
      }
    }
  }

  /** Whether every node of a graph can be written. */
  static boolean covers(Graph graph) {
    Map<String, ValueInfo> shapes = ShapeInference.infer(graph);
    return graph.nodes().stream().allMatch(n -> covers(graph, n, shapes));
  }

  private static boolean covers(Graph graph, Node node, Map<String, ValueInfo> shapes) {
    Op op = node.op();
    boolean valueFirst = !graph.parameters().containsKey(node.input(0));
    boolean parametersAfter =
        node.inputs().stream().skip(1).allMatch(graph.parameters()::containsKey);
    if (op instanceof Op.Conv c) {
      return valueFirst && parametersAfter && symmetric(c.pads());
    } else if (op instanceof Op.ConvTranspose c) {
      return valueFirst
          && parametersAfter
          && symmetric(c.pads())
          && c.outputPadding().get(0) < Math.max(c.strides().get(0), c.dilations().get(0))
          && c.outputPadding().get(1) < Math.max(c.strides().get(1), c.dilations().get(1));
    } else if (op instanceof Op.BatchNormalization) {
      return valueFirst && parametersAfter && shapes.get(node.input(0)).shape().rank() == 4;
    } else if (op instanceof Op.Gemm g) {
      return valueFirst
          && parametersAfter
          && g.alpha() == 1
          && g.beta() == 1
          && !g.transA()
          && g.transB();
    } else if (op instanceof Op.MaxPool p) {
      return node.outputs().size() == 1 && pads(p.kernel(), p.pads());
    } else if (op instanceof Op.AveragePool p) {
      return pads(p.kernel(), p.pads());
    } else if (op instanceof Op.Add) {
      return node.inputs().stream().noneMatch(graph.parameters()::containsKey)
          && shapes.get(node.input(0)).shape().equals(shapes.get(node.input(1)).shape());
    } else if (op instanceof Op.Concat c) {
      return c.axis() == 1 && node.inputs().stream().noneMatch(graph.parameters()::containsKey);
    } else if (op instanceof Op.Flatten f) {
      return f.axis() == 1 && valueFirst;
    }
    return valueFirst && (op instanceof Op.Relu || op instanceof Op.GlobalAveragePool);
  }

  private static boolean symmetric(List<Integer> pads) {
    return pads.get(0).equals(pads.get(2)) && pads.get(1).equals(pads.get(3));
  }

  private static boolean pads(List<Integer> kernel, List<Integer> pads) {
    return symmetric(pads) && 2 * pads.get(0) <= kernel.get(0) && 2 * pads.get(1) <= kernel.get(1);
  }

  /** Says by which expression a parameter or the input goes. */
  void bind(String value, String expression) {
    names.put(value, expression);
  }

  /** Writes the forward pass; the result names the output in the stored type. */
  String forward() {
    String x = names.get(graph.input().name());
    String in = fresh("x");
    line(in + " = " + types.activation(x, shapes.get(graph.input().name()).shape().rank()));
    names.put(graph.input().name(), in);
    for (Node node : graph.nodes()) {
      write(node);
    }
    return types.stored(names.get(graph.output()));
  }

  /**
   * Writes the backward pass.
   *
   * @param outputGradient names the loss's gradient by the output, which may be overwritten
   * @return by parameter, the expression of its gradient in the stored type; parameters that the
   *     output does not depend on are absent
   */
  Map<String, String> backward(String outputGradient) {
    Gradients gradients = new Gradients(this::line, () -> fresh("g"));
    String g = fresh("g");
    line(g + " = " + types.computed(outputGradient));
    gradients.add(graph.output(), g, true);
    for (int i = tape.size() - 1; i >= 0; i--) {
      tape.get(i).accept(gradients);
    }
    return gradients.ofParameters();
  }

  String text() {
    return text.toString();
  }

  void line(String statement) {
    text.append("    ").append(statement).append('\n');
  }

  private String fresh(String prefix) {
    return prefix + "_" + count++;
  }

  private boolean trainable(String parameter) {
    return parameters.get(parameter).kind().trainable();
  }

  private String define(Node node) {
    String name = fresh("y");
    names.put(node.output(), name);
    return name;
  }

  private void write(Node node) {
    Op op = node.op();
    String x = names.get(node.input(0));
    if (op instanceof Op.Conv c) {
      convolution(node, x, ConvolutionGeometry.of(c));
    } else if (op instanceof Op.ConvTranspose c) {
      convolution(node, x, ConvolutionGeometry.of(c));
    } else if (op instanceof Op.BatchNormalization b) {
      batchNorm(node, b, x);
    } else if (op instanceof Op.Relu) {
      relu(node, x);
    } else if (op instanceof Op.Add) {
      add(node);
    } else if (op instanceof Op.MaxPool p) {
      maxPool(node, p, x);
    } else if (op instanceof Op.AveragePool p) {
      averagePool(node, p, x);
    } else if (op instanceof Op.GlobalAveragePool) {
      globalAveragePool(node, x);
    } else if (op instanceof Op.Concat) {
      concat(node);
    } else if (op instanceof Op.Flatten) {
      flatten(node, x);
    } else if (op instanceof Op.Gemm) {
      linear(node, x);
    } else {
      throw new IllegalArgumentException(op.type() + " has no backward statement");
    }
  }

  private void convolution(Node node, String x, ConvolutionGeometry geometry) {
    String weight = node.input(1);
    String w = fresh("w");
    line(w + " = " + types.filters(names.get(weight)));
    String bias = node.inputs().size() > 2 ? bias(node) : "None";
    line(
        define(node)
            + " = torch.convolution("
            + String.join(", ", x, w, bias, geometry.arguments())
            + ")");
    boolean sampling = geometry.samples(parameters.get(weight).shape());
    whenKnown(
        node,
        (gradients, g) -> {
          if (sampling) {
            sampledBackward(gradients, node, g.name(), x, w, geometry);
          } else {
            String[] found = convolutionBackward(node, g.name(), x, w, geometry, ALL);
            convolutionGradients(gradients, node, found[0], found[1]);
            if (!bias.equals("None")) {
              parameterGradient(gradients, node.input(2), found[2]);
            }
          }
        });
  }

  /**
   * oneDNN's weight gradient of a 1 x 1 convolution with strides writes past its working memory
   * when the image has fewer than 8 channels, channels last, on processors with AVX2 only: wrong
   * numbers, or two threads that wait for each other for ever (docs/decisions/008). So it gets the
   * pixels that the strides leave, and no strides.
   */
  private void sampledBackward(
      Gradients gradients, Node node, String g, String x, String w, ConvolutionGeometry geometry) {
    ConvolutionGeometry plain = geometry.withoutStrides();
    if (geometry.transposed()) {
      String[] found = convolutionBackward(node, geometry.sampled(g), x, w, plain, WITHOUT_BIAS);
      convolutionGradients(gradients, node, found[0], found[1]);
    } else {
      String gx = convolutionBackward(node, g, x, w, geometry, IMAGE_ONLY)[0];
      String gw = convolutionBackward(node, g, geometry.sampled(x), w, plain, WEIGHT_ONLY)[1];
      convolutionGradients(gradients, node, gx, gw);
    }
    if (node.inputs().size() > 2) {
      String gb = fresh("g");
      line(gb + " = torch.sum(" + g + ", [0, 2, 3])");
      parameterGradient(gradients, node.input(2), gb);
    }
  }

  private void convolutionGradients(Gradients gradients, Node node, String gx, String gw) {
    if (dependsOnParameters(node.input(0))) {
      gradients.add(node.input(0), gx, true);
    }
    parameterGradient(gradients, node.input(1), gw);
  }

  /**
   * The names of the gradients by the image, the weight and the bias.
   *
   * @param wanted which of the three are asked for; what has no gradient is never computed
   */
  private String[] convolutionBackward(
      Node node, String g, String x, String w, ConvolutionGeometry geometry, List<Boolean> wanted) {
    boolean biased = wanted.get(2) && node.inputs().size() > 2;
    String[] found = {fresh("g"), fresh("g"), fresh("g")};
    line(
        String.join(", ", found)
            + " = torch.convolution_backward("
            + String.join(", ", g, x, w)
            + ", "
            + (biased ? "[" + parameters.get(node.input(2)).shape().dim(0) + "]" : "None")
            + ", "
            + geometry.arguments()
            + ", ["
            + word(wanted.get(0) && dependsOnParameters(node.input(0)))
            + ", "
            + word(wanted.get(1) && trainable(node.input(1)))
            + ", "
            + word(biased)
            + "])");
    return found;
  }

  private static String word(boolean value) {
    return value ? "True" : "False";
  }

  private void parameterGradient(Gradients gradients, String parameter, String gradient) {
    if (trainable(parameter)) {
      String kept = fresh("g");
      line(kept + " = " + types.gradient(gradient, parameters.get(parameter).shape().rank()));
      gradients.addParameter(parameter, kept);
    }
  }

  /** Whether a value needs a gradient: whether any parameter lies before it. */
  private boolean dependsOnParameters(String value) {
    return !value.equals(graph.input().name());
  }

  private void batchNorm(Node node, Op.BatchNormalization b, String x) {
    String scale = names.get(node.input(1));
    String statistics = names.get(node.input(3)) + ", " + names.get(node.input(4));
    String mean = fresh("m");
    String inverse = fresh("v");
    line(
        define(node)
            + ", "
            + mean
            + ", "
            + inverse
            + " = torch.native_batch_norm("
            + String.join(", ", x, scale, names.get(node.input(2)), statistics)
            + ", True, "
            + (1.0 - ScriptWriter.decimal(b.momentum()))
            + ", "
            + ScriptWriter.decimal(b.epsilon())
            + ")");
    whenKnown(
        node,
        (gradients, g) -> {
          String gx = fresh("g");
          String gs = fresh("g");
          String gb = fresh("g");
          line(
              gx
                  + ", "
                  + gs
                  + ", "
                  + gb
                  + " = torch.native_batch_norm_backward("
                  + String.join(", ", g.name(), x, scale, statistics, mean, inverse)
                  + ", True, "
                  + ScriptWriter.decimal(b.epsilon())
                  + ", [True, True, True])");
          gradients.add(node.input(0), gx, true);
          parameterGradient(gradients, node.input(1), gs);
          parameterGradient(gradients, node.input(2), gb);
        });
  }

  private void relu(Node node, String x) {
    neverNegative.add(node.output());
    if (neverNegative.contains(node.input(0))) {
      // A sum of ReLUs is not negative, and where it is 0 all of them are: they let no gradient
      // pass there, whether this one does or not. The published blocks end so.
      names.put(node.output(), x);
      whenKnown(node, (gradients, g) -> gradients.add(node.input(0), g.name(), g.owned()));
      return;
    }
    String y = define(node);
    line(
        y
            + " = torch."
            + (overwritable.contains(node.input(0)) ? "relu_" : "relu")
            + "("
            + x
            + ")");
    whenKnown(
        node,
        (gradients, g) -> {
          String masked = fresh("g");
          line(
              masked
                  + " = torch.threshold_backward("
                  + g.name()
                  + ", "
                  + y
                  + ", 0"
                  + (g.owned() ? ", grad_input=" + g.name() : "")
                  + ")");
          gradients.add(node.input(0), masked, true);
        });
  }

  private void add(Node node) {
    keepsSign(node);
    String a = names.get(node.input(0));
    String b = names.get(node.input(1));
    line(define(node) + " = torch.add(" + a + ", " + b + ")");
    whenKnown(
        node,
        (gradients, g) -> {
          gradients.add(node.input(0), g.name(), false);
          gradients.add(node.input(1), g.name(), false);
        });
  }

  private void maxPool(Node node, Op.MaxPool p, String x) {
    keepsSign(node);
    String geometry =
        p.kernel() + ", " + p.strides() + ", " + p.pads().subList(0, 2) + ", [1, 1], False";
    String indices = fresh("i");
    line(
        define(node)
            + ", "
            + indices
            + " = torch.max_pool2d_with_indices("
            + x
            + ", "
            + geometry
            + ")");
    unary(
        node,
        g ->
            "torch.max_pool2d_with_indices_backward("
                + String.join(", ", g, x, geometry, indices)
                + ")");
  }

  private void averagePool(Node node, Op.AveragePool p, String x) {
    keepsSign(node);
    String geometry =
        p.kernel()
            + ", "
            + p.strides()
            + ", "
            + p.pads().subList(0, 2)
            + ", False, "
            + (p.countIncludePad() ? "True" : "False")
            + ", None";
    line(define(node) + " = torch.avg_pool2d(" + x + ", " + geometry + ")");
    unary(node, g -> "torch.avg_pool2d_backward(" + String.join(", ", g, x, geometry) + ")");
  }

  private void globalAveragePool(Node node, String x) {
    keepsSign(node);
    line(define(node) + " = torch.mean(" + x + ", [2, 3], True)");
    unary(
        node,
        g ->
            "torch.div(torch.expand_as("
                + g
                + ", "
                + x
                + "), torch.mul(torch.size("
                + x
                + ", 2), torch.size("
                + x
                + ", 3)))");
  }

  private void concat(Node node) {
    keepsSign(node);
    List<String> parts = node.inputs().stream().map(names::get).toList();
    line(define(node) + " = torch.cat([" + String.join(", ", parts) + "], 1)");
    List<Integer> sizes = node.inputs().stream().map(i -> shapes.get(i).shape().dim(1)).toList();
    whenKnown(
        node,
        (gradients, g) -> {
          String split = fresh("g");
          line(split + " = torch.split_with_sizes(" + g.name() + ", " + sizes + ", 1)");
          for (int i = 0; i < sizes.size(); i++) {
            gradients.add(node.inputs().get(i), split + "[" + i + "]", false);
          }
        });
  }

  private void flatten(Node node, String x) {
    keepsSign(node);
    line(define(node) + " = torch.flatten(" + x + ", 1)");
    unary(node, g -> "torch.reshape(" + g + ", torch.size(" + x + "))");
  }

  private void linear(Node node, String x) {
    String weight = node.input(1);
    String w = fresh("w");
    line(w + " = " + types.computed(names.get(weight)));
    boolean biased = node.inputs().size() > 2;
    String bias = biased ? bias(node) : "None";
    line(define(node) + " = torch.linear(" + String.join(", ", x, w, bias) + ")");
    whenKnown(
        node,
        (gradients, g) -> {
          if (trainable(weight)) {
            parameterGradient(
                gradients, weight, "torch.matmul(torch.t(" + g.name() + "), " + x + ")");
          }
          if (biased) {
            parameterGradient(
                gradients, node.input(2), "torch.sum(" + types.stored(g.name()) + ", [0], False)");
          }
          if (dependsOnParameters(node.input(0))) {
            String gx = fresh("g");
            line(gx + " = torch.matmul(" + g.name() + ", " + w + ")");
            gradients.add(node.input(0), gx, true);
          }
        });
  }

  private void keepsSign(Node node) {
    if (node.inputs().stream().allMatch(neverNegative::contains)) {
      neverNegative.add(node.output());
    }
  }

  /** The bias of a convolution or linear layer, as activations are. */
  private String bias(Node node) {
    String bias = fresh("b");
    line(bias + " = " + types.computed(names.get(node.input(2))));
    return bias;
  }

  /** Leaves behind what to write once the gradient of a node's output is finished. */
  private void whenKnown(Node node, BiConsumer<Gradients, Gradients.Gradient> write) {
    tape.add(gradients -> gradients.take(node.output()).ifPresent(g -> write.accept(gradients, g)));
  }

  private void unary(Node node, java.util.function.UnaryOperator<String> backward) {
    whenKnown(
        node,
        (gradients, g) -> {
          String gx = fresh("g");
          line(gx + " = " + backward.apply(g.name()));
          gradients.add(node.input(0), gx, true);
        });
  }
}
