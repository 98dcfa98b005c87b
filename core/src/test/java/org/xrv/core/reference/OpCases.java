package org.xrv.core.reference;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Small cases of every op, each for a batch of one and of three. */
public final class OpCases {
  private final List<OpCase> cases = new ArrayList<>();

  private OpCases() {}

  /** All cases, in a fixed order. */
  public static List<OpCase> all() {
    OpCases all = new OpCases();
    ConvolutionCases.add(all);
    PoolCases.add(all);
    ElementwiseCases.add(all);
    MatrixCases.add(all);
    ShapeCases.add(all);
    IndexingCases.add(all);
    return List.copyOf(all.cases);
  }

  /** Adds a case for both batches; the body builds the graph and names its outputs. */
  void several(String name, Function<CaseBuilder, List<String>> body) {
    for (int batch : new int[] {1, 3}) {
      CaseBuilder b = new CaseBuilder(name, batch);
      cases.add(b.build(body.apply(b).toArray(String[]::new)));
    }
  }

  void add(String name, Function<CaseBuilder, String> body) {
    several(name, b -> List.of(body.apply(b)));
  }
}
