package org.xrv.converter.onnx;

import java.util.ArrayList;
import java.util.List;

/**
 * What a Slice takes, axis by axis.
 *
 * @param parts in the node's order
 */
record Slicing(List<Part> parts) {
  Slicing {
    parts = List.copyOf(parts);
  }

  /** Of one axis: from a start to before an end, both counted from the end when negative. */
  record Part(int axis, long start, long end, long step) {
    Part {
      if (step == 0 || Math.abs(step) > Integer.MAX_VALUE) {
        throw new IllegalArgumentException("it takes steps of " + step);
      }
    }

    /** The indices taken of an axis of some size. */
    List<Integer> indices(int size) {
      long from = start < 0 ? start + size : start;
      long to = end < 0 ? end + size : end;
      from = step > 0 ? clamp(from, 0, size) : clamp(from, -1, size - 1);
      to = step > 0 ? clamp(to, 0, size) : clamp(to, -1, size - 1);
      List<Integer> at = new ArrayList<>();
      for (long i = from; step > 0 ? i < to : i > to; i += step) {
        at.add((int) i);
      }
      return at;
    }

    private static long clamp(long value, long low, long high) {
      return Math.max(low, Math.min(high, value));
    }

    /** Whether it takes the whole axis, whatever its size. */
    boolean isWhole() {
      return start == 0 && end >= Integer.MAX_VALUE && step == 1;
    }
  }

  /** As attributes, before opset 10. */
  static Slicing of(Attributes attributes) {
    List<Integer> starts = attributes.ints("starts", List.of());
    List<Integer> ends = attributes.saturated("ends");
    List<Integer> axes = attributes.ints("axes", List.of());
    List<Part> parts = new ArrayList<>();
    for (int i = 0; i < starts.size(); i++) {
      int axis = axes.isEmpty() ? i : axes.get(i);
      parts.add(new Part(axis, starts.get(i), ends.get(i), 1));
    }
    return new Slicing(parts);
  }

  /** As constant inputs; axes and steps may be null. */
  static Slicing of(
      IntegerTensor starts, IntegerTensor ends, IntegerTensor axes, IntegerTensor steps) {
    List<Part> parts = new ArrayList<>();
    for (int i = 0; i < starts.values().size(); i++) {
      parts.add(
          new Part(
              axes == null ? i : axes.ints().get(i),
              starts.values().get(i).number(),
              ends.values().get(i).number(),
              steps == null ? 1 : steps.longs().get(i)));
    }
    return new Slicing(parts);
  }
}
