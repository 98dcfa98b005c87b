package org.xrv.converter.onnx;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.xrv.converter.onnx.proto.NodeProto;
import org.xrv.core.graph.ElementType;
import org.xrv.core.graph.Op;
import org.xrv.core.graph.Shape;

/** The op of one node in a file; the reverse of {@link OpAttributes}. */
final class OpReader {
  /** A node to add to the graph. */
  record Step(String name, Op op, List<String> inputs, List<String> outputs) {}

  private final GraphReader graph;
  private final NodeProto node;
  private final Attributes attributes;
  private final long opset;

  OpReader(GraphReader graph, NodeProto node, Attributes attributes, long opset) {
    this.graph = graph;
    this.node = node;
    this.attributes = attributes;
    this.opset = opset;
  }

  /** Mostly one. */
  List<Step> steps() {
    String x = input(0);
    if (node.getOpType().equals("Gather") && graph.integers(input(1)) != null) {
      return picked(x, graph.integers(input(1)));
    } else if (node.getOpType().equals("Pow")) {
      Float exponent = graph.scalar(input(1));
      if (exponent == null || exponent != 2) {
        throw new IllegalArgumentException("of powers, squares only are known");
      }
      return List.of(step(new Op.Mul(), List.of(x, x)));
    }
    if (Quantised.isQuantised(node)) {
      return Quantised.steps(node, graph.shape(x).rank(), this::convolutionOp);
    }
    Op op = op();
    boolean takesConstants =
        op instanceof Op.Split
            || op instanceof Op.Reshape
            || op instanceof Op.Pad
            || op instanceof Op.Clip
            || op instanceof Op.ReduceMean
            || op instanceof Op.ReduceSum
            || node.getOpType().equals("Dropout");
    List<String> inputs =
        takesConstants
            ? List.of(x)
            : node.getInputList().stream().filter(i -> !i.isEmpty()).toList();
    return List.of(step(op, inputs));
  }

  private Step step(Op op, List<String> inputs) {
    List<String> outputs = new ArrayList<>();
    // Of other ops, further outputs are for training.
    int count = op instanceof Op.Split || op instanceof Op.MaxPool ? node.getOutputCount() : 1;
    for (int i = 0; i < count; i++) {
      String output = node.getOutput(i);
      if (!output.isEmpty()) {
        outputs.add(output);
      } else if (op instanceof Op.Split) {
        outputs.add(node.getOutput(0) + ".unused" + i);
      }
    }
    return new Step(node.getName(), op, inputs, outputs);
  }

  private Op op() {
    String x = input(0);
    return switch (node.getOpType()) {
      case "Conv" -> convolutionOp();
      case "ConvTranspose" -> {
        if (attributes.has("output_shape") || !explicitPads()) {
          throw new IllegalArgumentException("output_shape and auto_pad are not known here");
        }
        Window w = convolution();
        yield new Op.ConvTranspose(
            w.strides(),
            w.pads(),
            attributes.ints("output_padding", List.of(0, 0)),
            w.dilations(),
            attributes.integer("group", 1));
      }
      case "BatchNormalization" -> {
        attributes.require("training_mode", 0);
        yield new Op.BatchNormalization(
            attributes.real("epsilon", 1e-5f), attributes.real("momentum", 0.9f));
      }
      case "Relu" -> new Op.Relu();
      case "LeakyRelu" -> new Op.LeakyRelu(attributes.real("alpha", 0.01f));
      case "Sigmoid" -> new Op.Sigmoid();
      case "Tanh" -> new Op.Tanh();
      case "Exp" -> new Op.Exp();
      case "Log" -> new Op.Log();
      case "Sqrt" -> new Op.Sqrt();
      case "Abs" -> new Op.Abs();
      case "Neg" -> new Op.Neg();
      case "Sign" -> new Op.Sign();
      case "Identity", "Dropout" -> new Op.Identity();
      case "Add" -> new Op.Add();
      case "Sub" -> new Op.Sub();
      case "Mul" -> new Op.Mul();
      case "Div" -> new Op.Div();
      case "Greater" -> new Op.Greater();
      case "Where" -> new Op.Where();
      case "MaxPool" -> {
        attributes.require("storage_order", 0);
        Window w = pooling();
        yield new Op.MaxPool(w.kernel(), w.strides(), w.pads());
      }
      case "AveragePool" -> {
        Window w = pooling();
        yield new Op.AveragePool(
            w.kernel(), w.strides(), w.pads(), attributes.flag("count_include_pad", false));
      }
      case "GlobalAveragePool" -> new Op.GlobalAveragePool();
      case "Concat" -> new Op.Concat(attributes.integer("axis", 1));
      case "Split" -> split(x);
      case "Gemm" ->
          new Op.Gemm(
              attributes.real("alpha", 1),
              attributes.real("beta", 1),
              attributes.flag("transA", false),
              attributes.flag("transB", false));
      case "MatMul" -> new Op.MatMul();
      case "Flatten" -> new Op.Flatten(axis(attributes.integer("axis", 1), x));
      case "Reshape" -> reshape(x);
      case "Squeeze" -> squeezed(x);
      case "Unsqueeze" -> unsqueezed(x);
      case "Slice" -> slice(x);
      case "Transpose" -> {
        List<Integer> reversed = new ArrayList<>();
        for (int i = graph.shape(x).rank() - 1; i >= 0; i--) {
          reversed.add(i);
        }
        yield new Op.Transpose(attributes.ints("perm", reversed));
      }
      case "Pad" -> pad();
      case "Clip" ->
          new Op.Clip(bound("min", 1, -Float.MAX_VALUE), bound("max", 2, Float.MAX_VALUE));
      case "ReduceMean" -> new Op.ReduceMean(axes(), attributes.flag("keepdims", true));
      case "ReduceSum" -> new Op.ReduceSum(axes(), attributes.flag("keepdims", true));
      case "Softmax" -> softmax(x);
      case "Cast" -> {
        ElementType to = ElementTypes.of(attributes.integer("to", 0));
        yield new Op.Cast(to == ElementType.FLOAT16 ? ElementType.FLOAT : to); // read as float32
      }
      case "ScatterElements" -> {
        if (!attributes.text("reduction", "none").equals("add")) {
          throw new IllegalArgumentException("only the reduction \"add\" is known");
        }
        yield new Op.ScatterElements(attributes.integer("axis", 0));
      }
      case "Gather" -> new Op.Gather(attributes.integer("axis", 0));
      default ->
          throw new IllegalArgumentException(
              "this op is not known; networks of convolutions, normalizations, pools and dense"
                  + " layers are read");
    };
  }

  private Op.Conv convolutionOp() {
    Window w = convolution();
    return new Op.Conv(w.strides(), w.pads(), w.dilations(), attributes.integer("group", 1));
  }

  private String input(int i) {
    return i < node.getInputCount() ? node.getInput(i) : "";
  }

  private int axis(int axis, String of) {
    return axis < 0 ? axis + graph.shape(of).rank() : axis;
  }

  /** Kernel, strides, pads and dilations of two spatial axes. */
  private record Window(
      List<Integer> kernel, List<Integer> strides, List<Integer> pads, List<Integer> dilations) {}

  private boolean explicitPads() {
    return attributes.text("auto_pad", "NOTSET").equals("NOTSET");
  }

  private Window convolution() {
    Shape w = graph.shape(input(1));
    return window(w.dims().subList(2, w.rank()));
  }

  private Window pooling() {
    Window w = window(attributes.ints("kernel_shape", List.of()));
    if (!w.dilations().equals(List.of(1, 1))) {
      throw new IllegalArgumentException("pooling with dilations " + w.dilations());
    }
    if (attributes.flag("ceil_mode", false)) {
      Shape x = graph.shape(input(0));
      for (int i = 0; i < 2; i++) {
        int room = x.dim(2 + i) + w.pads().get(i) + w.pads().get(2 + i) - w.kernel().get(i);
        if (room % w.strides().get(i) != 0) {
          throw new IllegalArgumentException("ceil_mode = 1 is not supported");
        }
      }
    }
    return w;
  }

  private Window window(List<Integer> kernel) {
    if (kernel.size() != 2 || graph.shape(input(0)).rank() != 4) {
      throw new IllegalArgumentException("two spatial axes are expected, kernel " + kernel);
    }
    List<Integer> strides = attributes.ints("strides", List.of(1, 1));
    List<Integer> dilations = attributes.ints("dilations", List.of(1, 1));
    List<Integer> pads =
        switch (attributes.text("auto_pad", "NOTSET")) {
          case "NOTSET" -> attributes.ints("pads", List.of(0, 0, 0, 0));
          case "VALID" -> List.of(0, 0, 0, 0);
          case "SAME_UPPER" -> same(kernel, strides, dilations, false);
          default -> same(kernel, strides, dilations, true);
        };
    return new Window(kernel, strides, pads, dilations);
  }

  /** Padding such that the output has ceil(size / stride); the odd pixel goes to one side. */
  private List<Integer> same(
      List<Integer> kernel, List<Integer> strides, List<Integer> dilations, boolean lower) {
    int[] pads = new int[4];
    for (int i = 0; i < 2; i++) {
      int size = graph.shape(input(0)).dim(2 + i);
      int stride = strides.get(i);
      int reach = dilations.get(i) * (kernel.get(i) - 1) + 1;
      int total = Math.max(0, ((size + stride - 1) / stride - 1) * stride + reach - size);
      pads[i] = lower ? total - total / 2 : total / 2;
      pads[2 + i] = total - pads[i];
    }
    return List.of(pads[0], pads[1], pads[2], pads[3]);
  }

  private Op split(String x) {
    int axis = attributes.integer("axis", 0);
    IntegerValues sizes = graph.integers(input(1));
    if (sizes != null) {
      return new Op.Split(axis, sizes.ints());
    } else if (attributes.has("split")) {
      return new Op.Split(axis, attributes.ints("split", List.of()));
    }
    int parts = node.getOutputCount();
    int size = graph.shape(x).dim(axis);
    if (size % parts != 0) {
      throw new IllegalArgumentException(size + " into " + parts + " equal parts");
    }
    return new Op.Split(axis, Collections.nCopies(parts, size / parts));
  }

  private Op reshape(String x) {
    attributes.require("allowzero", 0);
    IntegerValues target = constants(1, "shape");
    Shape from = graph.shape(x);
    boolean rest = target.values().contains(-1L);
    List<Integer> shape = new ArrayList<>();
    for (int i = 0; i < target.values().size(); i++) {
      long d = target.values().get(i);
      boolean batchHere = i < from.rank() && from.dim(i) == Shape.UNKNOWN;
      // A network exported for one image says 1 where it means the batch.
      if (batchHere && (d == IntegerValues.BATCH || (i == 0 && d == 1))) {
        shape.add(0);
      } else if (d == IntegerValues.BATCH && !rest) {
        shape.add(-1);
        rest = true;
      } else if (d == IntegerValues.BATCH) {
        throw new IllegalArgumentException("shape " + target + " has two open dimensions");
      } else {
        shape.add(Math.toIntExact(d));
      }
    }
    return new Op.Reshape(shape);
  }

  private Op squeezed(String x) {
    Shape from = graph.shape(x);
    List<Integer> axes = listed().stream().map(a -> axis(a, x)).toList();
    List<Integer> shape = new ArrayList<>();
    for (int i = 0; i < from.rank(); i++) {
      if (!axes.contains(i)) {
        shape.add(from.dim(i) == Shape.UNKNOWN ? -1 : from.dim(i));
      } else if (from.dim(i) != 1) {
        throw new IllegalArgumentException("axis " + i + " of " + from + " is not 1");
      }
    }
    return new Op.Reshape(shape);
  }

  private Op unsqueezed(String x) {
    Shape from = graph.shape(x);
    List<Integer> axes = listed();
    int rank = from.rank() + axes.size();
    List<Integer> positive = axes.stream().map(a -> a < 0 ? a + rank : a).toList();
    List<Integer> shape = new ArrayList<>();
    int next = 0;
    for (int i = 0; i < rank; i++) {
      shape.add(positive.contains(i) ? 1 : from.dim(next++));
    }
    return new Op.Reshape(shape);
  }

  /** A Slice with step 1 is a Pad with negative pads. */
  private Op slice(String x) {
    Shape from = graph.shape(x);
    List<Long> starts = constants(1, "starts").values();
    List<Long> ends = constants(2, "ends").values();
    IntegerValues axes = graph.integers(input(3));
    IntegerValues steps = graph.integers(input(4));
    if (steps != null && steps.values().stream().anyMatch(s -> s != 1)) {
      throw new IllegalArgumentException("steps " + steps.values() + " are not supported");
    }
    int[] pads = new int[2 * from.rank()];
    for (int i = 0; i < starts.size(); i++) {
      int axis = axis(axes == null ? i : axes.ints().get(i), x);
      crop(from, pads, axis, starts.get(i), ends.get(i));
    }
    return pad(pads);
  }

  private static void crop(Shape from, int[] pads, int axis, long start, long end) {
    int size = from.dim(axis);
    if (size == Shape.UNKNOWN) {
      if (start == 0 && end >= Integer.MAX_VALUE) {
        return;
      }
      throw new IllegalArgumentException("it takes a part of the batch");
    }
    pads[axis] = -IntegerFolding.bound(start, size);
    pads[axis + from.rank()] = IntegerFolding.bound(end, size) - size;
  }

  private static Op pad(int[] pads) {
    return new Op.Pad(java.util.Arrays.stream(pads).boxed().toList(), 0);
  }

  /** One index or neighbouring ones along a static axis: a crop, and without the axis for one. */
  private List<Step> picked(String x, IntegerValues indices) {
    Shape from = graph.shape(x);
    int axis = axis(attributes.integer("axis", 0), x);
    List<Integer> at = indices.ints().stream().map(i -> i < 0 ? i + from.dim(axis) : i).toList();
    for (int i = 1; i < at.size(); i++) {
      if (at.get(i) != at.get(0) + i) {
        throw new IllegalArgumentException("indices " + at + " are not neighbours");
      }
    }
    int[] pads = new int[2 * from.rank()];
    crop(from, pads, axis, at.get(0), at.get(0) + at.size());
    String output = node.getOutput(0);
    if (!indices.scalar()) {
      return List.of(new Step(node.getName(), pad(pads), List.of(x), List.of(output)));
    }
    List<Integer> shape = new ArrayList<>(from.dims());
    shape.remove(axis);
    String part = output + ".part";
    return List.of(
        new Step(part, pad(pads), List.of(x), List.of(part)),
        new Step(node.getName(), new Op.Reshape(shape), List.of(part), List.of(output)));
  }

  private Op pad() {
    if (!attributes.text("mode", "constant").equals("constant")) {
      throw new IllegalArgumentException("mode " + attributes.text("mode", "") + " is not known");
    }
    if (!input(3).isEmpty()) {
      throw new IllegalArgumentException("pads for some axes only are not known");
    }
    List<Integer> pads =
        attributes.has("pads") ? attributes.ints("pads", List.of()) : constants(1, "pads").ints();
    return new Op.Pad(pads, input(2).isEmpty() ? attributes.real("value", 0) : scalar(2));
  }

  private float bound(String name, int input, float otherwise) {
    return input(input).isEmpty() ? attributes.real(name, otherwise) : scalar(input);
  }

  private float scalar(int input) {
    Float value = graph.scalar(input(input));
    if (value == null) {
      throw new IllegalArgumentException("'" + input(input) + "' is no constant number");
    }
    return value;
  }

  private IntegerValues constants(int input, String what) {
    IntegerValues values = graph.integers(input(input));
    if (values == null) {
      throw new IllegalArgumentException("its " + what + " is not constant");
    }
    return values;
  }

  private List<Integer> listed() {
    return attributes.has("axes")
        ? attributes.ints("axes", List.of())
        : constants(1, "axes").ints();
  }

  private List<Integer> axes() {
    List<Integer> axes = attributes.has("axes") || !input(1).isEmpty() ? listed() : List.of();
    if (axes.isEmpty()) {
      throw new IllegalArgumentException("it reduces over all axes, the batch included");
    }
    return axes;
  }

  private Op softmax(String x) {
    int rank = graph.shape(x).rank();
    int axis = attributes.integer("axis", opset < 13 ? 1 : -1);
    if (opset < 13 && axis(axis, x) != rank - 1) {
      throw new IllegalArgumentException("before opset 13, only the last axis is known");
    }
    return new Op.Softmax(axis);
  }
}
