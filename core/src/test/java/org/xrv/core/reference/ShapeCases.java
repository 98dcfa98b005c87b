package org.xrv.core.reference;

import java.util.List;
import org.xrv.core.graph.Op;

/** Cases of the operations that move elements. */
final class ShapeCases {
  private ShapeCases() {}

  static void add(OpCases all) {
    joined(all);
    reshaped(all);
    padded(all);
    expanded(all);
  }

  private static void expanded(OpCases all) {
    all.add(
        "Expand of a token to the batch",
        b -> b.node(new Op.Expand(List.of(-1, 1, 4)), b.weight("token", 1, 1, 4), b.input("x", 2)));
    all.add(
        "Expand of a row to more axes",
        b ->
            b.node(new Op.Expand(List.of(-1, 2, 3, 4)), b.weight("row", 3, 1), b.input("x", 2, 2)));
    all.add("Expand of columns", b -> b.node(new Op.Expand(List.of(1, 3)), b.input("x", 1)));
    all.add(
        "Expand of channels", b -> b.node(new Op.Expand(List.of(3, 1, 2)), b.input("x", 1, 4, 1)));
  }

  private static void joined(OpCases all) {
    all.add(
        "Concat of channels",
        b ->
            b.node(
                new Op.Concat(1),
                b.input("x", 2, 3, 2),
                b.input("y", 1, 3, 2),
                b.input("z", 3, 3, 2)));
    all.add(
        "Concat along the last axis",
        b -> b.node(new Op.Concat(-1), b.input("x", 2, 3), b.input("y", 2, 1)));
    all.add(
        "Concat of batches", b -> b.node(new Op.Concat(0), b.input("x", 2, 3), b.input("y", 2, 3)));
    all.add("Concat of one", b -> b.node(new Op.Concat(1), b.input("x", 2, 3)));
    all.add(
        "Concat with itself",
        b -> {
          String x = b.input("x", 2, 3);
          return b.node(new Op.Concat(1), x, x);
        });
    all.several(
        "Split of channels",
        b -> b.nodes(new Op.Split(1, List.of(1, 3, 2)), 3, b.input("x", 6, 2, 2)));
    all.several(
        "Split along the last axis",
        b -> b.nodes(new Op.Split(-1, List.of(2, 2)), 2, b.input("x", 2, 4)));
    all.add(
        "Split where one part is used",
        b -> b.nodes(new Op.Split(2, List.of(1, 2)), 2, b.input("x", 2, 3)).get(1));
  }

  private static void reshaped(OpCases all) {
    for (int axis : new int[] {0, 1, 2, 3, 4, -1, -3, -4}) {
      all.add("Flatten at " + axis, b -> b.node(new Op.Flatten(axis), b.input("x", 2, 3, 4)));
    }
    for (List<Integer> target :
        List.of(
            List.of(0, -1),
            List.of(-1, 24),
            List.of(-1, 4),
            List.of(0, 0, 12),
            List.of(0, 4, -1, 2),
            List.of(-1),
            List.of(0, 1, 2, 1, 12))) {
      all.add("Reshape to " + target, b -> b.node(new Op.Reshape(target), b.input("x", 2, 3, 4)));
    }
    for (List<Integer> order :
        List.of(List.of(0, 1, 2, 3), List.of(0, 2, 3, 1), List.of(3, 1, 0, 2))) {
      all.add("Transpose " + order, b -> b.node(new Op.Transpose(order), b.input("x", 2, 3, 4)));
    }
    all.add(
        "Transpose, then Reshape",
        b ->
            b.node(
                new Op.Reshape(List.of(0, -1)),
                b.node(new Op.Transpose(List.of(0, 3, 1, 2)), b.input("x", 2, 3, 4))));
  }

  private static void padded(OpCases all) {
    pad(all, "of images", List.of(0, 0, 1, 2, 0, 0, 3, 0), 0);
    pad(all, "of channels", List.of(0, 1, 0, 0, 0, 2, 0, 0), -1.5f);
    pad(all, "that crops", List.of(0, -1, -1, 0, 0, 0, -1, -2), 7);
    pad(all, "that crops and extends", List.of(0, 0, -1, 2, 0, 0, 2, -1), 0.1f);
    pad(all, "by nothing", List.of(0, 0, 0, 0, 0, 0, 0, 0), 3);
    pad(all, "by infinity", List.of(0, 0, 1, 1, 0, 0, 1, 1), Float.NEGATIVE_INFINITY);
    all.add("Pad of rows", b -> b.node(new Op.Pad(List.of(0, 2, 0, 1), 2), b.input("x", 3)));
  }

  private static void pad(OpCases all, String what, List<Integer> pads, float value) {
    all.add("Pad " + what, b -> b.node(new Op.Pad(pads, value), b.input("x", 2, 3, 4)));
  }
}
