package org.xrv.converter.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.xrv.core.graph.ElementType;
import org.xrv.core.graph.Op;
import org.xrv.core.graph.Shape;

/** Reads the ops that move, repeat and pick elements. */
final class Moves {
  private final NodeInput in;
  private final GraphReader graph;
  private final Steps steps;

  Moves(NodeInput in, Steps steps) {
    this.in = in;
    this.graph = in.graph();
    this.steps = steps;
  }

  private String x() {
    return in.name(0);
  }

  List<Step> split() {
    int axis = in.axis(in.attributes().integer("axis", 0));
    List<String> outputs = new ArrayList<>();
    for (String output : in.node().getOutputList()) {
      outputs.add(output.isEmpty() ? graph.fresh(in.node().getOutput(0) + ".unused") : output);
    }
    return steps.last(new Op.Split(axis, sizes(axis)), List.of(x()), outputs);
  }

  private List<Integer> sizes(int axis) {
    if (in.has(1)) {
      return in.constants(1, "split").ints();
    } else if (in.attributes().has("split")) {
      return in.attributes().ints("split", List.of());
    }
    int parts = in.node().getOutputCount();
    int size = in.shape(0).dim(axis);
    int each = (size + parts - 1) / parts;
    int last = size - each * (parts - 1);
    if (size == Shape.UNKNOWN || last < 1 || (last != each && in.opset() < 18)) {
      throw new IllegalArgumentException(in.shape(0) + " into " + parts + " parts");
    }
    List<Integer> sizes = new ArrayList<>(Collections.nCopies(parts - 1, each));
    sizes.add(last);
    return sizes;
  }

  /** Where a file is for one image, tokens are joined to it that the batch must share. */
  List<Step> concat() {
    int axis = in.attributes().integer("axis", 1);
    List<String> parts = new ArrayList<>(in.node().getInputList());
    boolean batched = parts.stream().anyMatch(p -> startsWithBatch(graph.shape(p)));
    if (graph.isOpened() && batched && axis != 0) {
      for (int i = 0; i < parts.size(); i++) {
        Shape shape = graph.shape(parts.get(i));
        if (shape.rank() > 0 && shape.dim(0) == 1) {
          List<Integer> ones = new ArrayList<>(Collections.nCopies(shape.rank(), 1));
          ones.set(0, -1);
          parts.set(
              i, steps.add("repeated", new Op.Expand(ones), parts.get(i), graph.batchInput()));
        }
      }
    }
    return steps.last(new Op.Concat(axis), parts, List.of(in.node().getOutput(0)));
  }

  private static boolean startsWithBatch(Shape shape) {
    return shape.rank() > 0 && shape.dim(0) == Shape.UNKNOWN;
  }

  List<Step> reshape() {
    return steps.last(new Op.Reshape(target()), x());
  }

  private List<Integer> target() {
    boolean copies = !in.attributes().flag("allowzero", false);
    IntegerTensor asked = in.has(1) ? in.constants(1, "shape") : null;
    List<Count> target =
        asked != null
            ? asked.values()
            : in.attributes().ints("shape", List.of()).stream().map(d -> Count.of(d)).toList();
    Shape from = in.shape(0);
    long factor = graph.batchFactor(x());
    List<Integer> shape = new ArrayList<>();
    int batchAt = -1;
    for (int i = 0; i < target.size(); i++) {
      Count d = target.get(i);
      boolean batchHere = i < from.rank() && from.dim(i) == Shape.UNKNOWN;
      if (d.is(0) && !copies) {
        throw new IllegalArgumentException("it makes an empty tensor");
      } else if (batchHere && d.batch() && d.factor() == factor) {
        shape.add(0);
      } else if (batchHere && i == 0 && d.is(1) && factor == 1 && graph.isOpened()) {
        shape.add(0); // a network exported for one image says 1 where it means the batch
      } else if (d.batch() && batchAt < 0) {
        batchAt = i;
        shape.add(-1);
      } else {
        shape.add(Math.toIntExact(d.number()));
      }
    }
    return batchAt < 0 ? shape : withBatchAt(batchAt, target, shape, from, factor);
  }

  /** Where the batch takes the one open place, the other is worked out. */
  private static List<Integer> withBatchAt(
      int batchAt, List<Count> target, List<Integer> shape, Shape from, long factor) {
    long elements = Math.multiplyExact(BatchFactors.known(from), factor);
    long others = target.get(batchAt).factor();
    int rest = -1;
    for (int i = 0; i < shape.size(); i++) {
      if (i != batchAt && shape.get(i) == -1) {
        rest = i;
      } else if (i != batchAt) {
        others = Math.multiplyExact(others, shape.get(i) == 0 ? from.dim(i) : shape.get(i));
      }
    }
    if (rest >= 0) {
      if (others < 1 || elements % others != 0) {
        throw new IllegalArgumentException(from + " does not reshape to " + target);
      }
      shape.set(rest, Math.toIntExact(elements / others));
    }
    return shape;
  }

  List<Step> squeeze() {
    Shape from = in.shape(0);
    List<Integer> axes = in.axes().stream().map(in::axis).toList();
    List<Integer> shape = new ArrayList<>();
    for (int i = 0; i < from.rank(); i++) {
      boolean named = axes.isEmpty() ? from.dim(i) == 1 : axes.contains(i);
      if (!named) {
        shape.add(from.dim(i) == Shape.UNKNOWN ? -1 : from.dim(i));
      } else if (from.dim(i) != 1) {
        throw new IllegalArgumentException("axis " + i + " of " + from + " is not 1");
      }
    }
    return steps.last(new Op.Reshape(shape), x());
  }

  List<Step> unsqueeze() {
    Shape from = in.shape(0);
    List<Integer> axes = in.axes();
    int rank = from.rank() + axes.size();
    List<Integer> positive = axes.stream().map(a -> a < 0 ? a + rank : a).toList();
    List<Integer> shape = new ArrayList<>();
    int next = 0;
    for (int i = 0; i < rank; i++) {
      shape.add(positive.contains(i) ? 1 : from.dim(next++));
    }
    return steps.last(new Op.Reshape(shape), x());
  }

  List<Step> expand() {
    IntegerTensor target = in.constants(1, "shape");
    return expanded(x(), target.values());
  }

  List<Step> constantOfShape() {
    IntegerTensor target = in.constants(0, "shape");
    float value = 0;
    if (in.attributes().has("value")) {
      var t = in.attributes().get("value").getT();
      if (!ElementTypes.isReal(t.getDataType())) {
        throw new IllegalArgumentException("of whole numbers that depend on the batch");
      }
      value = TensorReader.floats(t).data()[0];
    }
    return expanded(steps.constant(value), target.values());
  }

  private List<Step> expanded(String value, List<Count> target) {
    List<Integer> shape = new ArrayList<>();
    boolean batch = false;
    for (Count d : target) {
      if (d.batch() && d.factor() != 1) {
        throw new IllegalArgumentException("it expands to " + target);
      }
      batch |= d.batch();
      shape.add(d.batch() ? -1 : Math.toIntExact(d.number()));
    }
    Op.Expand op = new Op.Expand(shape);
    return batch ? steps.last(op, value, graph.batchInput()) : steps.last(op, value);
  }

  List<Step> slice() {
    Slicing slicing =
        in.node().getInputCount() == 1
            ? Slicing.of(in.attributes())
            : Slicing.of(
                in.constants(1, "start"),
                in.constants(2, "end"),
                in.has(3) ? in.constants(3, "axes") : null,
                in.has(4) ? in.constants(4, "steps") : null);
    Shape from = in.shape(0);
    int[] pads = new int[2 * from.rank()];
    List<Slicing.Part> stepping = new ArrayList<>();
    for (Slicing.Part p : slicing.parts()) {
      int axis = in.axis(p.axis());
      int size = from.dim(axis);
      if (size == Shape.UNKNOWN && !p.isWhole()) {
        throw new IllegalArgumentException("it takes a part of the batch");
      } else if (p.step() != 1) {
        stepping.add(p);
      } else if (!p.isWhole()) {
        pads[axis] = -IntegerFolding.bound(p.start(), size);
        pads[axis + from.rank()] = IntegerFolding.bound(p.end(), size) - size;
      }
    }
    // A Slice with step 1 is a Pad with negative pads.
    if (stepping.isEmpty()) {
      return steps.last(pad(pads), x());
    }
    String part = steps.add("part", pad(pads), x());
    for (int i = 0; i < stepping.size(); i++) {
      Slicing.Part p = stepping.get(i);
      int axis = in.axis(p.axis());
      String at = indices(p.indices(from.dim(axis)));
      if (i == stepping.size() - 1) {
        return steps.last(new Op.Gather(axis), part, at);
      }
      part = steps.add("part", new Op.Gather(axis), part, at);
    }
    throw new IllegalStateException("no step is the last");
  }

  private static Op pad(int[] pads) {
    return new Op.Pad(Arrays.stream(pads).boxed().toList(), 0);
  }

  /** Constant indices as a value of the graph. */
  private String indices(List<Integer> at) {
    String name = graph.fresh(in.node().getOutput(0) + ".indices");
    graph.define(name, IntegerTensor.list(at.stream().map(i -> Count.of(i)).toList()));
    return name;
  }

  List<Step> gather() {
    int axis = in.axis(in.attributes().integer("axis", 0));
    IntegerTensor indices = graph.integers(in.name(1));
    if (indices == null) {
      if (in.shape(1).rank() != 1 || graph.type(in.name(1)) != ElementType.INT64) {
        throw new IllegalArgumentException("indices of shape " + in.shape(1) + " are not known");
      }
      return steps.last(new Op.Gather(axis), x(), in.name(1));
    }
    return picked(axis, indices);
  }

  /** Indices that pick whole rows, as an index by a list is exported. */
  List<Step> gatherNd() {
    in.attributes().require("batch_dims", 0);
    IntegerTensor indices = in.constants(1, "index");
    int rank = indices.dims().size();
    if (rank == 0 || indices.dims().get(rank - 1) != 1) {
      throw new IllegalArgumentException("indices of shape " + indices.dims() + " are not known");
    }
    return picked(0, indices.reshaped(indices.dims().subList(0, rank - 1)));
  }

  private List<Step> picked(int axis, IntegerTensor indices) {
    Shape from = in.shape(0);
    int size = from.dim(axis);
    if (size == Shape.UNKNOWN) {
      return ofBatch(axis, indices);
    }
    List<Integer> at = indices.ints().stream().map(i -> i < 0 ? i + size : i).toList();
    if (at.isEmpty() || at.stream().anyMatch(i -> i < 0 || i >= size)) {
      throw new IllegalArgumentException("indices " + indices.ints() + " of " + size);
    }
    List<Integer> shape = new ArrayList<>(from.dims());
    shape.remove(axis);
    shape.addAll(axis, indices.dims());
    shape.replaceAll(d -> d == Shape.UNKNOWN ? -1 : d);
    boolean flat = indices.dims().size() == 1;
    if (!neighbours(at)) {
      String where = indices(at);
      if (flat) {
        return steps.last(new Op.Gather(axis), x(), where);
      }
      String part = steps.add("part", new Op.Gather(axis), x(), where);
      return steps.last(new Op.Reshape(shape), part);
    }
    // One index or neighbouring ones are a crop.
    int[] pads = new int[2 * from.rank()];
    pads[axis] = -at.get(0);
    pads[axis + from.rank()] = at.get(0) + at.size() - size;
    if (flat) {
      return steps.last(pad(pads), x());
    }
    String part = steps.add("part", pad(pads), x());
    return steps.last(new Op.Reshape(shape), part);
  }

  /** Images of the batch by their number, where the file leaves the batch open itself. */
  private List<Step> ofBatch(int axis, IntegerTensor indices) {
    if (graph.isOpened() || indices.dims().size() != 1) {
      throw new IllegalArgumentException("it takes a part of the batch");
    }
    return steps.last(new Op.Gather(axis), x(), indices(indices.ints()));
  }

  private static boolean neighbours(List<Integer> at) {
    for (int i = 1; i < at.size(); i++) {
      if (at.get(i) != at.get(0) + i) {
        return false;
      }
    }
    return true;
  }

  List<Step> pad() {
    String mode = in.attributes().text("mode", "constant");
    if (!mode.equals("constant")) {
      throw new IllegalArgumentException("mode " + mode + " is not known");
    }
    int rank = in.shape(0).rank();
    List<Integer> given =
        in.attributes().has("pads")
            ? in.attributes().ints("pads", List.of())
            : in.constants(1, "pads").ints();
    List<Integer> pads = new ArrayList<>(Collections.nCopies(2 * rank, 0));
    List<Integer> axes = new ArrayList<>();
    if (in.has(3)) {
      in.constants(3, "axes").ints().forEach(a -> axes.add(in.axis(a)));
    } else {
      for (int i = 0; i < rank; i++) {
        axes.add(i);
      }
    }
    if (given.size() != 2 * axes.size()) {
      throw new IllegalArgumentException("pads " + given + " for " + axes.size() + " axes");
    }
    for (int i = 0; i < axes.size(); i++) {
      pads.set(axes.get(i), given.get(i));
      pads.set(axes.get(i) + rank, given.get(i + axes.size()));
    }
    for (int i = 0; i < rank; i++) {
      if (in.shape(0).dim(i) == Shape.UNKNOWN && (pads.get(i) != 0 || pads.get(i + rank) != 0)) {
        throw new IllegalArgumentException("it pads the batch");
      }
    }
    return steps.last(new Op.Pad(pads, in.number("value", 2, 0)), x());
  }

  List<Step> transpose() {
    List<Integer> reversed = new ArrayList<>();
    for (int i = in.shape(0).rank() - 1; i >= 0; i--) {
      reversed.add(i);
    }
    return steps.last(new Op.Transpose(in.attributes().ints("perm", reversed)), x());
  }
}
