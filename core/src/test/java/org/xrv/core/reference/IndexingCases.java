package org.xrv.core.reference;

import org.xrv.core.graph.Op;

/** Cases of Gather and ScatterElements. */
final class IndexingCases {
  private IndexingCases() {}

  static void add(OpCases all) {
    for (int axis : new int[] {1, -1, 2}) {
      all.add(
          "Gather along axis " + axis,
          b ->
              b.node(
                  new Op.Gather(axis),
                  b.input("x", 3, 4),
                  b.indices("at", new float[] {2, 0, 2, 1}, 4)));
    }
    all.add(
        "Gather of one item of the batch",
        b -> b.node(new Op.Gather(0), b.input("x", 3), b.indices("at", new float[] {0}, 1)));
    all.add(
        "Gather from the end",
        b -> b.node(new Op.Gather(1), b.input("x", 5), b.indices("at", new float[] {-1, -5}, 2)));
    scatter(all, "ScatterElements along rows", 1, 2, 0, 1, 1, 0, 2);
    scatter(all, "ScatterElements along rows, from the end", -1, 2, 0, 1, 1, 0, 2);
    scatter(all, "ScatterElements along columns", 0, 1, 0, 1, 1, 1, 0);
    scatter(all, "ScatterElements twice to one place", 1, 2, 2, 2, 0, 0, 0);
    scatter(all, "ScatterElements with indices from the end", 1, -1, 0, -2, -3, 1, 2);
    all.add(
        "ScatterElements of a part",
        b ->
            b.node(
                new Op.ScatterElements(1),
                b.input("x", 5),
                b.indices("at", new float[] {4, 1}, 1, 2),
                b.weight("u", 1, 2)));
  }

  /** Into two rows of three, so that the batch is that of the result only. */
  private static void scatter(OpCases all, String name, int axis, float... at) {
    all.add(
        name,
        b -> {
          String scattered =
              b.node(
                  new Op.ScatterElements(axis),
                  b.weight("data", 2, 3),
                  b.indices("at", at, 2, 3),
                  b.weight("u", 2, 3));
          return b.node(new Op.Add(), b.input("x", 2, 3), scattered);
        });
  }
}
