package org.xrv.core.reference;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.xrv.core.graph.ElementType;
import org.xrv.core.graph.Op;

/** Cases of the operations on each element. */
final class ElementwiseCases {
  private ElementwiseCases() {}

  static void add(OpCases all) {
    unary(all);
    for (Op op : List.of(new Op.Add(), new Op.Sub(), new Op.Mul(), new Op.Div())) {
      pairs(all, op);
    }
    comparisons(all);
    casts(all);
    constants(all);
  }

  private static void unary(OpCases all) {
    List<Op> anyNumber =
        List.of(
            new Op.Relu(),
            new Op.LeakyRelu(0.01f),
            new Op.LeakyRelu(0.3f),
            new Op.Sigmoid(),
            new Op.Tanh(),
            new Op.Exp(),
            new Op.Erf(),
            new Op.Abs(),
            new Op.Neg(),
            new Op.Sign(),
            new Op.Identity(),
            new Op.Clip(-0.5f, 1.25f),
            new Op.Clip(Float.NEGATIVE_INFINITY, 0.5f),
            new Op.Clip(-0.25f, Float.POSITIVE_INFINITY),
            new Op.Clip(-Float.MAX_VALUE, 0.1f));
    for (Op op : anyNumber) {
      all.add(op.toString(), b -> b.node(op, b.input("x", 3, 4)));
      all.add(op + " at zero", b -> b.node(op, b.given("x", new float[] {0, -1, 1}, 3)));
    }
    for (Op op : List.of(new Op.Log(), new Op.Sqrt())) {
      all.add(op.toString(), b -> b.node(op, b.input(0.1, 9, "x", 3, 4)));
    }
    all.add(
        "Identity within",
        b -> b.node(new Op.Relu(), b.node(new Op.Identity(), b.input("x", 2, 3, 3))));
    all.add(
        "Sigmoid of large numbers",
        b -> b.node(new Op.Sigmoid(), b.given("x", new float[] {-40, 40, 15, -15}, 4)));
  }

  private static void pairs(OpCases all, Op op) {
    all.add(
        op.type() + " of equal shapes",
        b -> b.node(op, b.input("x", 2, 3), b.input(0.5, 2, "y", 2, 3)));
    Map<String, int[]> right = new LinkedHashMap<>();
    right.put("a number", new int[] {});
    right.put("one element", new int[] {1});
    right.put("a row", new int[] {4});
    right.put("channels", new int[] {2, 1, 1});
    right.put("an image", new int[] {1, 1, 3, 4});
    right.put("columns", new int[] {1, 1, 3, 1});
    right.forEach(
        (what, dims) -> {
          all.add(
              op.type() + " with " + what,
              b -> b.node(op, b.input("x", 2, 3, 4), positive(b, dims)));
          all.add(
              op.type() + " of " + what + " on the left",
              b -> b.node(op, b.weight("y", dims), b.input(0.5, 2, "x", 2, 3, 4)));
        });
    all.add(
        op.type() + " with both sides repeated",
        b -> b.node(op, b.input("x", 1, 4), positive(b, 3, 1)));
    all.add(
        op.type() + " with more axes on the right",
        b -> b.node(op, b.input("x", 4), b.input(0.5, 2, "y", 1, 4)));
  }

  private static String positive(CaseBuilder b, int... dims) {
    return b.weight(0.5, 2, org.xrv.core.graph.ParameterKind.CONSTANT, "y", dims);
  }

  private static void comparisons(OpCases all) {
    all.add(
        "Greater",
        b -> b.toFloat(b.node(new Op.Greater(), b.input("x", 3, 4), b.input("y", 3, 4))));
    all.add(
        "Greater than itself",
        b -> {
          String x = b.input("x", 4);
          return b.toFloat(b.node(new Op.Greater(), x, x));
        });
    all.add(
        "Greater with channels",
        b -> b.toFloat(b.node(new Op.Greater(), b.input("x", 2, 3, 3), b.weight("y", 2, 1, 1))));
    all.add(
        "Where",
        b -> {
          String x = b.input("x", 3, 4);
          String y = b.input("y", 3, 4);
          return b.node(new Op.Where(), b.node(new Op.Greater(), x, y), x, y);
        });
    all.add(
        "Where with all three repeated",
        b -> {
          String x = b.input("x", 1, 4);
          String condition = b.node(new Op.Greater(), x, b.constant("zero", new float[] {0}));
          return b.node(new Op.Where(), condition, b.weight("w", 3, 1), b.weight("v"));
        });
  }

  private static void casts(OpCases all) {
    float[] numbers = {-1.75f, -1, -0.25f, 0, 0.5f, 2.75f};
    for (ElementType to : ElementType.values()) {
      all.add(
          "Cast to " + to + " and back",
          b -> b.toFloat(b.node(new Op.Cast(to), b.given("x", numbers, 6))));
    }
    all.add(
        "Cast of booleans to INT64",
        b -> {
          String above = b.node(new Op.Greater(), b.input("x", 5), b.weight("y", 5));
          return b.toFloat(b.node(new Op.Cast(ElementType.INT64), above));
        });
  }

  private static void constants(OpCases all) {
    for (float value : new float[] {0.1f, -3, 1e-6f, 1e10f}) {
      all.add(
          "Constant " + value,
          b -> b.node(new Op.Mul(), b.input("x", 2, 3), b.node(new Op.Constant(value))));
    }
    all.add(
        "Constant infinity",
        b ->
            b.node(
                new Op.Div(), b.input("x", 3), b.node(new Op.Constant(Float.POSITIVE_INFINITY))));
  }
}
