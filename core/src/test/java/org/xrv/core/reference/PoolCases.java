package org.xrv.core.reference;

import java.util.List;
import org.xrv.core.graph.Op;

/** Cases of the pools. */
final class PoolCases {
  private static final List<Integer> ONE = List.of(1, 1);
  private static final List<Integer> TWO = List.of(2, 2);
  private static final List<Integer> THREE = List.of(3, 3);
  private static final List<Integer> NONE = List.of(0, 0, 0, 0);

  private PoolCases() {}

  static void add(OpCases all) {
    max(all);
    for (boolean counted : new boolean[] {false, true}) {
      average(all, counted);
    }
    all.add("GlobalAveragePool", b -> b.node(new Op.GlobalAveragePool(), b.input("x", 3, 4, 5)));
  }

  private static void max(OpCases all) {
    all.add("MaxPool halving", b -> b.node(new Op.MaxPool(TWO, TWO, NONE), b.input("x", 2, 4, 6)));
    all.add(
        "MaxPool overlapping, padded, of negative numbers",
        b ->
            b.node(new Op.MaxPool(THREE, TWO, List.of(1, 1, 1, 1)), b.input(-3, -1, "x", 2, 7, 6)));
    all.add(
        "MaxPool with uneven kernel, strides and padding",
        b ->
            b.node(
                new Op.MaxPool(List.of(3, 2), List.of(1, 2), List.of(0, 1, 2, 0)),
                b.input(-3, -1, "x", 2, 5, 6)));
    all.add(
        "MaxPool with padding wider than half the kernel",
        b ->
            b.node(new Op.MaxPool(THREE, ONE, List.of(2, 2, 2, 2)), b.input(-3, -1, "x", 2, 3, 4)));
    indices(all, "MaxPool with indices", new Op.MaxPool(TWO, TWO, NONE));
    indices(all, "MaxPool with indices, padded", new Op.MaxPool(THREE, TWO, List.of(1, 1, 1, 1)));
    indices(
        all,
        "MaxPool with indices, unevenly padded",
        new Op.MaxPool(TWO, TWO, List.of(1, 0, 0, 1)));
    indices(
        all,
        "MaxPool with indices, widely padded",
        new Op.MaxPool(THREE, TWO, List.of(2, 2, 2, 2)));
    all.several(
        "MaxPool with indices of equal numbers",
        b -> withIndices(b, new Op.MaxPool(TWO, ONE, NONE), b.given("x", new float[12], 1, 3, 4)));
  }

  private static void indices(OpCases all, String name, Op.MaxPool op) {
    all.several(name, b -> withIndices(b, op, b.input("x", 2, 5, 6)));
  }

  private static List<String> withIndices(CaseBuilder b, Op.MaxPool op, String x) {
    List<String> both = b.nodes(op, 2, x);
    return List.of(both.get(0), b.toFloat(both.get(1)));
  }

  private static void average(OpCases all, boolean counted) {
    String end = counted ? ", padding counted" : ", padding not counted";
    all.add(
        "AveragePool halving" + end,
        b -> b.node(new Op.AveragePool(TWO, TWO, NONE, counted), b.input("x", 2, 4, 6)));
    all.add(
        "AveragePool overlapping and padded" + end,
        b ->
            b.node(
                new Op.AveragePool(THREE, TWO, List.of(1, 1, 1, 1), counted),
                b.input("x", 2, 6, 7)));
    all.add(
        "AveragePool with uneven kernel, strides and padding" + end,
        b ->
            b.node(
                new Op.AveragePool(List.of(2, 3), List.of(2, 1), List.of(1, 0, 0, 2), counted),
                b.input("x", 2, 5, 5)));
    all.add(
        "AveragePool with padding wider than half the kernel" + end,
        b ->
            b.node(
                new Op.AveragePool(THREE, ONE, List.of(2, 2, 2, 2), counted),
                b.input("x", 1, 3, 4)));
  }
}
