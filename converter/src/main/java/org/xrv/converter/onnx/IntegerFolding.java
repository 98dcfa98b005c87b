package org.xrv.converter.onnx;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.xrv.converter.onnx.proto.NodeProto;
import org.xrv.converter.onnx.proto.TensorProto;

/**
 * Computes while reading what exporters leave as nodes although it is known: shapes taken apart and
 * put together again, with the batch size as a symbol.
 */
final class IntegerFolding {
  private final Map<String, IntegerTensor> known = new HashMap<>();
  private final TensorReader tensors;

  IntegerFolding(TensorReader tensors) {
    this.tensors = tensors;
  }

  void put(String name, IntegerTensor values) {
    known.put(name, values);
  }

  boolean has(String name) {
    return known.containsKey(name);
  }

  IntegerTensor get(String name) {
    return known.get(name);
  }

  /**
   * The node's value if its inputs are known.
   *
   * @param shape of the node's first input, or null where it is no tensor of the graph
   */
  Optional<IntegerTensor> fold(NodeProto node, Attributes attributes, List<Count> shape) {
    if (node.getOpType().equals("Shape") && shape != null) {
      int from = bound(attributes.integer("start", 0), shape.size());
      int to = bound(attributes.integer("end", shape.size()), shape.size());
      return Optional.of(IntegerTensor.list(shape.subList(Math.min(from, to), to)));
    } else if (node.getOpType().equals("Size") && shape != null) {
      return shape.stream().reduce(IntegerFolding::product).map(IntegerTensor::scalar);
    }
    List<String> inputs = node.getInputList().stream().filter(i -> !i.isEmpty()).toList();
    if (inputs.isEmpty() || !inputs.stream().allMatch(known::containsKey)) {
      return Optional.empty();
    }
    List<IntegerTensor> in = inputs.stream().map(known::get).toList();
    IntegerTensor x = in.get(0);
    return switch (node.getOpType()) {
      case "Identity" -> Optional.of(x);
      case "Cast" -> cast(x, attributes.integer("to", 0));
      case "Shape" ->
          Optional.of(IntegerTensor.list(x.dims().stream().map(d -> Count.of(d)).toList()));
      case "Unsqueeze" -> Optional.of(unsqueezed(x, axes(attributes, in)));
      case "Squeeze" -> Optional.of(squeezed(x, axes(attributes, in)));
      case "Reshape" -> Optional.of(reshaped(x, in.get(1).ints()));
      case "Flatten" -> Optional.of(reshaped(x, List.of(1, -1)));
      case "Concat" -> Optional.of(concatenated(in, attributes.integer("axis", 0)));
      case "Gather" -> Optional.of(gather(x, in.get(1), attributes.integer("axis", 0)));
      case "Slice" -> Optional.of(slice(x, attributes, in));
      case "Transpose" -> Optional.of(transposed(x, attributes));
      case "Expand" -> Optional.of(expanded(x, in.get(1)));
      case "ConstantOfShape" -> filled(x, attributes);
      case "Range" -> Optional.of(range(in));
      case "Where" -> Optional.of(where(in));
      case "ReduceProd" ->
          x.values().stream()
              .reduce(IntegerFolding::product)
              .map(p -> attributes.flag("keepdims", true) ? List.of(p) : null)
              .map(IntegerTensor::list);
      case "Neg" -> Optional.of(each(x, v -> Count.of(Math.negateExact(v.number()))));
      case "Not" -> Optional.of(IntegerTensor.make(x.dims(), true, i -> truth(x.at(i).is(0))));
      case "Add",
          "Sub",
          "Mul",
          "Div",
          "Mod",
          "Min",
          "Max",
          "Equal",
          "Greater",
          "Less",
          "And",
          "Or",
          "GreaterOrEqual",
          "LessOrEqual" ->
          in.size() == 2 ? pairs(node.getOpType(), x, in.get(1)) : Optional.empty();
      default -> Optional.empty();
    };
  }

  private static Optional<IntegerTensor> cast(IntegerTensor x, int to) {
    return ElementTypes.isWhole(to)
        ? Optional.of(x.as(to == TensorProto.DataType.BOOL_VALUE))
        : Optional.empty();
  }

  private static Count truth(boolean value) {
    return Count.of(value ? 1 : 0);
  }

  private static IntegerTensor each(
      IntegerTensor x, java.util.function.UnaryOperator<Count> function) {
    return IntegerTensor.make(x.dims(), false, i -> function.apply(x.at(i)));
  }

  private static List<Integer> axes(Attributes attributes, List<IntegerTensor> in) {
    return in.size() > 1 ? in.get(1).ints() : attributes.ints("axes", List.of());
  }

  private static IntegerTensor unsqueezed(IntegerTensor x, List<Integer> axes) {
    int rank = x.dims().size() + axes.size();
    List<Integer> wrapped = axes.stream().map(a -> wrapped(a, rank)).toList();
    List<Integer> dims = new ArrayList<>();
    int next = 0;
    for (int i = 0; i < rank; i++) {
      dims.add(wrapped.contains(i) ? 1 : x.dims().get(next++));
    }
    return x.reshaped(dims);
  }

  private static IntegerTensor squeezed(IntegerTensor x, List<Integer> axes) {
    List<Integer> wrapped = axes.stream().map(a -> wrapped(a, x.dims().size())).toList();
    List<Integer> dims = new ArrayList<>();
    for (int i = 0; i < x.dims().size(); i++) {
      boolean gone = axes.isEmpty() ? x.dims().get(i) == 1 : wrapped.contains(i);
      if (!gone) {
        dims.add(x.dims().get(i));
      }
    }
    return x.reshaped(dims);
  }

  private static IntegerTensor reshaped(IntegerTensor x, List<Integer> target) {
    List<Integer> dims = new ArrayList<>();
    int rest = x.values().size();
    for (int i = 0; i < target.size(); i++) {
      int d = target.get(i) == 0 ? x.dims().get(i) : target.get(i);
      dims.add(d);
      rest = d > 0 ? rest / d : rest;
    }
    int open = rest;
    return x.reshaped(dims.stream().map(d -> d == -1 ? open : d).toList());
  }

  private static IntegerTensor concatenated(List<IntegerTensor> in, int along) {
    int axis = wrapped(along, in.get(0).dims().size());
    List<Integer> dims = new ArrayList<>(in.get(0).dims());
    dims.set(axis, in.stream().mapToInt(t -> t.dims().get(axis)).sum());
    return IntegerTensor.make(
        dims,
        in.get(0).bool(),
        index -> {
          int[] own = index.clone();
          for (IntegerTensor t : in) {
            if (own[axis] < t.dims().get(axis)) {
              return t.at(own);
            }
            own[axis] -= t.dims().get(axis);
          }
          throw new IllegalStateException("past the last part");
        });
  }

  private static IntegerTensor gather(IntegerTensor x, IntegerTensor indices, int along) {
    int axis = wrapped(along, x.dims().size());
    int size = x.dims().get(axis);
    List<Integer> dims = new ArrayList<>(x.dims().subList(0, axis));
    dims.addAll(indices.dims());
    dims.addAll(x.dims().subList(axis + 1, x.dims().size()));
    int inner = indices.dims().size();
    return IntegerTensor.make(
        dims,
        x.bool(),
        index -> {
          int[] at = java.util.Arrays.copyOfRange(index, axis, axis + inner);
          int[] own = new int[x.dims().size()];
          System.arraycopy(index, 0, own, 0, axis);
          own[axis] = wrapped(Math.toIntExact(indices.at(at).number()), size);
          System.arraycopy(index, axis + inner, own, axis + 1, own.length - axis - 1);
          if (own[axis] < 0 || own[axis] >= size) {
            throw new IllegalArgumentException("index " + indices.at(at) + " of " + size);
          }
          return x.at(own);
        });
  }

  private static IntegerTensor slice(
      IntegerTensor x, Attributes attributes, List<IntegerTensor> in) {
    Slicing slicing =
        in.size() == 1
            ? Slicing.of(attributes)
            : Slicing.of(
                in.get(1),
                in.get(2),
                in.size() > 3 ? in.get(3) : null,
                in.size() > 4 ? in.get(4) : null);
    IntegerTensor part = x;
    for (Slicing.Part p : slicing.parts()) {
      IntegerTensor from = part;
      int axis = wrapped(p.axis(), x.dims().size());
      List<Integer> at = p.indices(from.dims().get(axis));
      List<Integer> dims = new ArrayList<>(from.dims());
      dims.set(axis, at.size());
      part =
          IntegerTensor.make(
              dims,
              x.bool(),
              index -> {
                int[] own = index.clone();
                own[axis] = at.get(index[axis]);
                return from.at(own);
              });
    }
    return part;
  }

  private static IntegerTensor transposed(IntegerTensor x, Attributes attributes) {
    int rank = x.dims().size();
    List<Integer> reversed = new ArrayList<>();
    for (int i = rank - 1; i >= 0; i--) {
      reversed.add(i);
    }
    List<Integer> order = attributes.ints("perm", reversed);
    return IntegerTensor.make(
        order.stream().map(x.dims()::get).toList(),
        x.bool(),
        index -> {
          int[] own = new int[rank];
          for (int i = 0; i < rank; i++) {
            own[order.get(i)] = index[i];
          }
          return x.at(own);
        });
  }

  private static List<Integer> common(List<Integer> a, List<Integer> b) {
    int rank = Math.max(a.size(), b.size());
    List<Integer> dims = new ArrayList<>();
    for (int i = 0; i < rank; i++) {
      int da = i < rank - a.size() ? 1 : a.get(i - (rank - a.size()));
      int db = i < rank - b.size() ? 1 : b.get(i - (rank - b.size()));
      if (da != db && da != 1 && db != 1) {
        throw new IllegalArgumentException("shapes " + a + " and " + b + " do not broadcast");
      }
      dims.add(da == 1 ? db : da);
    }
    return dims;
  }

  private static IntegerTensor expanded(IntegerTensor x, IntegerTensor shape) {
    return IntegerTensor.make(common(x.dims(), shape.ints()), x.bool(), x::broadcast);
  }

  private Optional<IntegerTensor> filled(IntegerTensor shape, Attributes attributes) {
    if (!attributes.has("value")) {
      return Optional.empty(); // of floats
    }
    TensorProto value = attributes.get("value").getT();
    if (!ElementTypes.isWhole(value.getDataType()) || shape.dependsOnBatch()) {
      return Optional.empty();
    }
    IntegerTensor one = tensors.integers(StoredTensor.whole(value));
    return Optional.of(IntegerTensor.make(shape.ints(), one.bool(), i -> one.values().get(0)));
  }

  private static IntegerTensor range(List<IntegerTensor> in) {
    long from = in.get(0).values().get(0).number();
    long to = in.get(1).values().get(0).number();
    long step = in.get(2).values().get(0).number();
    if (step == 0) {
      throw new IllegalArgumentException("a range in steps of 0");
    }
    long n = Math.max(0, -Math.floorDiv(-Math.subtractExact(to, from), step));
    return IntegerTensor.make(
        List.of(IntegerTensor.requireSmall(n)), false, i -> Count.of(from + i[0] * step));
  }

  private static IntegerTensor where(List<IntegerTensor> in) {
    IntegerTensor condition = in.get(0);
    IntegerTensor x = in.get(1);
    IntegerTensor y = in.get(2);
    return IntegerTensor.make(
        common(condition.dims(), common(x.dims(), y.dims())),
        x.bool(),
        i -> condition.broadcast(i).is(0) ? y.broadcast(i) : x.broadcast(i));
  }

  private static Optional<IntegerTensor> pairs(String op, IntegerTensor a, IntegerTensor b) {
    boolean truths =
        switch (op) {
          case "Add", "Sub", "Mul", "Div", "Mod", "Min", "Max" -> false;
          default -> true;
        };
    try {
      return Optional.of(
          IntegerTensor.make(
              common(a.dims(), b.dims()),
              truths,
              i -> computed(op, a.broadcast(i), b.broadcast(i))));
    } catch (BatchException e) {
      return Optional.empty();
    }
  }

  /** Arithmetic with the batch size that gives no multiple of it. */
  private static final class BatchException extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  private static Count computed(String op, Count p, Count q) {
    if (p.batch() || q.batch()) {
      return withBatch(op, p, q);
    }
    long a = p.factor();
    long b = q.factor();
    if (b == 0 && (op.equals("Div") || op.equals("Mod"))) {
      throw new IllegalArgumentException("it divides by zero");
    }
    return switch (op) {
      case "Add" -> Count.of(Math.addExact(a, b));
      case "Sub" -> Count.of(Math.subtractExact(a, b));
      case "Mul" -> Count.of(Math.multiplyExact(a, b));
      case "Div" -> Count.of(a / b);
      case "Mod" -> Count.of(Math.floorMod(a, b));
      case "Min" -> Count.of(Math.min(a, b));
      case "Max" -> Count.of(Math.max(a, b));
      case "Equal" -> truth(a == b);
      case "Greater" -> truth(a > b);
      case "GreaterOrEqual" -> truth(a >= b);
      case "Less" -> truth(a < b);
      case "LessOrEqual" -> truth(a <= b);
      case "And" -> truth(a != 0 && b != 0);
      default -> truth(a != 0 || b != 0);
    };
  }

  private static Count withBatch(String op, Count p, Count q) {
    boolean both = p.batch() && q.batch();
    if (op.equals("Mul") && !both && !p.is(0) && !q.is(0)) {
      return product(p, q);
    } else if (op.equals("Add") && both) {
      return new Count(Math.addExact(p.factor(), q.factor()), true);
    } else if (op.equals("Div") && p.batch() && q.factor() > 0 && p.factor() % q.factor() == 0) {
      long factor = p.factor() / q.factor();
      return new Count(factor, !q.batch());
    } else if (op.equals("Equal") && (both || (p.batch() ? q : p).factor() < 1)) {
      return truth(both && p.factor() == q.factor());
    }
    throw new BatchException();
  }

  private static Count product(Count p, Count q) {
    if (p.batch() && q.batch()) {
      throw new IllegalArgumentException("the square of the batch size");
    }
    return new Count(Math.multiplyExact(p.factor(), q.factor()), p.batch() || q.batch());
  }

  private static int wrapped(int index, int size) {
    return index < 0 ? index + size : index;
  }

  /** A bound of a Slice: negative from the end, beyond the ends cut off. */
  static int bound(long value, int size) {
    return (int) Math.max(0, Math.min(size, value < 0 ? value + size : value));
  }
}
