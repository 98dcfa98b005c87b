package org.xrv.core.reference;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.xrv.core.graph.Op;

/** Cases of Gemm, MatMul and the reductions. */
final class MatrixCases {
  private MatrixCases() {}

  static void add(OpCases all) {
    gemm(all);
    matMul(all);
    for (boolean keep : new boolean[] {false, true}) {
      reductions(all, keep);
    }
  }

  private static void gemm(OpCases all) {
    all.add(
        "Gemm as a dense layer",
        b ->
            b.node(
                new Op.Gemm(1, 1, false, true),
                b.input("x", 4),
                b.weight("w", 5, 4),
                b.weight("bias", 5)));
    all.add(
        "Gemm without C",
        b -> b.node(new Op.Gemm(1, 1, false, true), b.input("x", 4), b.weight("w", 5, 4)));
    all.add(
        "Gemm not transposed",
        b -> b.node(new Op.Gemm(1, 1, false, false), b.input("x", 4), b.weight("w", 4, 3)));
    all.add(
        "Gemm scaled",
        b ->
            b.node(
                new Op.Gemm(0.1f, 0.7f, false, false),
                b.input("x", 4),
                b.weight("w", 4, 3),
                b.weight("c", 3)));
    all.add(
        "Gemm with A transposed",
        b ->
            b.node(
                new Op.Gemm(0.5f, 2, true, true),
                b.node(new Op.Transpose(List.of(1, 0)), b.input("x", 4)),
                b.weight("w", 3, 4),
                b.weight("c", 3)));
    Map<String, int[]> c = new LinkedHashMap<>();
    c.put("a number", new int[] {});
    c.put("one element", new int[] {1});
    c.put("one row", new int[] {1, 5});
    c.put("one by one", new int[] {1, 1});
    c.forEach(
        (what, dims) ->
            all.add(
                "Gemm where C is " + what,
                b ->
                    b.node(
                        new Op.Gemm(1, 1, false, true),
                        b.input("x", 4),
                        b.weight("w", 5, 4),
                        b.weight("c", dims))));
    all.add(
        "Gemm where C is a column",
        b ->
            b.node(
                new Op.Gemm(1, 1, false, true),
                b.input("x", 4),
                b.weight("w", 5, 4),
                b.input("c", 1)));
    all.add(
        "Gemm where C is whole",
        b ->
            b.node(
                new Op.Gemm(1, 1, false, true),
                b.input("x", 4),
                b.weight("w", 5, 4),
                b.input("c", 5)));
  }

  private static void matMul(OpCases all) {
    all.add(
        "MatMul of matrices", b -> b.node(new Op.MatMul(), b.input("x", 4), b.weight("w", 4, 3)));
    all.add(
        "MatMul of a stack with one matrix",
        b -> b.node(new Op.MatMul(), b.input("x", 2, 4), b.weight("w", 4, 3)));
    all.add(
        "MatMul of two stacks",
        b -> b.node(new Op.MatMul(), b.input("x", 2, 3, 4), b.input("y", 2, 4, 2)));
    all.add(
        "MatMul of one matrix with a stack",
        b -> b.node(new Op.MatMul(), b.weight("w", 2, 4), b.input("x", 4, 3)));
    all.add(
        "MatMul with stacks repeated",
        b -> b.node(new Op.MatMul(), b.input("x", 1, 2, 4), b.weight("w", 3, 4, 2)));
  }

  private static void reductions(OpCases all, boolean keep) {
    for (List<Integer> axes :
        List.of(
            List.of(1), List.of(-1), List.of(2, 3), List.of(3, 1), List.of(0), List.of(-2, 0))) {
      String end = " along " + axes + (keep ? ", kept" : "");
      all.add(
          "ReduceMean" + end, b -> b.node(new Op.ReduceMean(axes, keep), b.input("x", 3, 4, 2)));
      all.add("ReduceSum" + end, b -> b.node(new Op.ReduceSum(axes, keep), b.input("x", 3, 4, 2)));
    }
    List<Integer> every = List.of(0, 1, 2);
    all.add(
        "ReduceMean along all" + (keep ? ", kept" : ""),
        b -> b.node(new Op.ReduceMean(every, keep), b.input("x", 3, 4)));
    all.add(
        "ReduceSum along all" + (keep ? ", kept" : ""),
        b -> b.node(new Op.ReduceSum(every, keep), b.input("x", 3, 4)));
  }
}
