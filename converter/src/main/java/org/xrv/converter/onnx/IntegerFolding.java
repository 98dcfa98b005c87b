package org.xrv.converter.onnx;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.xrv.converter.onnx.proto.NodeProto;
import org.xrv.core.graph.Shape;

/**
 * Computes while reading what exporters leave as nodes although it is known: shapes taken apart and
 * put together again, mostly around a Reshape that keeps the batch.
 */
final class IntegerFolding {
  private final Map<String, IntegerValues> known = new HashMap<>();

  void put(String name, IntegerValues values) {
    known.put(name, values);
  }

  boolean has(String name) {
    return known.containsKey(name);
  }

  IntegerValues get(String name) {
    return known.get(name);
  }

  /**
   * The node's value if its inputs are known.
   *
   * @param shape of the node's first input, or null where it is no tensor of the graph
   */
  Optional<IntegerValues> fold(NodeProto node, Attributes attributes, Shape shape) {
    if (node.getOpType().equals("Shape") && shape != null) {
      List<Long> dims =
          shape.dims().stream().map(d -> d == Shape.UNKNOWN ? IntegerValues.BATCH : d).toList();
      int from = Math.max(0, wrapped(attributes.integer("start", 0), dims.size()));
      int to = Math.min(dims.size(), wrapped(attributes.integer("end", dims.size()), dims.size()));
      return Optional.of(new IntegerValues(dims.subList(Math.min(from, to), to), false));
    }
    List<String> inputs = node.getInputList().stream().filter(i -> !i.isEmpty()).toList();
    if (inputs.isEmpty() || !inputs.stream().allMatch(known::containsKey)) {
      return Optional.empty();
    }
    List<IntegerValues> in = inputs.stream().map(known::get).toList();
    IntegerValues x = in.get(0);
    return switch (node.getOpType()) {
      case "Identity", "Cast" -> Optional.of(x);
      case "Unsqueeze" -> Optional.of(new IntegerValues(x.values(), false));
      case "Squeeze" -> Optional.of(new IntegerValues(x.values(), x.values().size() == 1));
      case "Concat" ->
          Optional.of(
              new IntegerValues(in.stream().flatMap(v -> v.values().stream()).toList(), false));
      case "Gather" -> Optional.of(gather(x, in.get(1)));
      case "Slice" -> in.size() < 3 ? Optional.empty() : Optional.of(slice(x, in));
      case "Add", "Sub", "Mul", "Div" -> arithmetic(node.getOpType(), x, in.get(1));
      default -> Optional.empty();
    };
  }

  private static IntegerValues gather(IntegerValues x, IntegerValues indices) {
    List<Long> picked = new ArrayList<>();
    for (int i : indices.ints()) {
      picked.add(x.values().get(wrapped(i, x.values().size())));
    }
    return new IntegerValues(picked, indices.scalar());
  }

  private static IntegerValues slice(IntegerValues x, List<IntegerValues> in) {
    int n = x.values().size();
    if (in.size() > 4 && in.get(4).values().get(0) != 1) {
      throw new IllegalArgumentException("Slice of a shape with a step");
    }
    int from = bound(in.get(1).values().get(0), n);
    int to = bound(in.get(2).values().get(0), n);
    return new IntegerValues(x.values().subList(Math.min(from, to), to), false);
  }

  private static Optional<IntegerValues> arithmetic(String op, IntegerValues a, IntegerValues b) {
    if (a.values().size() != b.values().size()
        || a.values().contains(IntegerValues.BATCH)
        || b.values().contains(IntegerValues.BATCH)
        || (op.equals("Div") && b.values().contains(0L))) {
      return Optional.empty();
    }
    List<Long> result = new ArrayList<>();
    for (int i = 0; i < a.values().size(); i++) {
      long p = a.values().get(i);
      long q = b.values().get(i);
      result.add(
          switch (op) {
            case "Add" -> Math.addExact(p, q);
            case "Sub" -> Math.subtractExact(p, q);
            case "Mul" -> Math.multiplyExact(p, q);
            default -> p / q;
          });
    }
    return Optional.of(new IntegerValues(result, a.scalar() && b.scalar()));
  }

  private static int wrapped(int index, int size) {
    return index < 0 ? index + size : index;
  }

  /** A bound of a Slice: negative from the end, beyond the ends cut off. */
  static int bound(long value, int size) {
    return (int) Math.max(0, Math.min(size, value < 0 ? value + size : value));
  }
}
