package org.xrv.converter.autodiff;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.xrv.core.graph.Node;
import org.xrv.core.graph.Op;

/** From the gradient at a product of matrices to those at its factors. */
final class MatrixRules {
  private final Gradients graph;
  private final Node node;
  private final String a;
  private final String b;
  private final String dy;

  MatrixRules(Gradients graph, Node node, String dy) {
    this.graph = graph;
    this.node = node;
    this.a = node.input(0);
    this.b = node.input(1);
    this.dy = dy;
  }

  /** The gradient at A of alpha * A' B' + beta * C. */
  String gemmLeft(Op.Gemm g) {
    return g.transA()
        ? graph.add("gemm", new Op.Gemm(g.alpha(), 0, g.transB(), true), b, dy)
        : graph.add("gemm", new Op.Gemm(g.alpha(), 0, false, !g.transB()), dy, b);
  }

  /** The gradient at B. */
  String gemmRight(Op.Gemm g) {
    return g.transB()
        ? graph.add("gemm", new Op.Gemm(g.alpha(), 0, true, g.transA()), dy, a)
        : graph.add("gemm", new Op.Gemm(g.alpha(), 0, !g.transA(), false), a, dy);
  }

  /** dY B^T, which still has the axes along which A was repeated. */
  String left() {
    return graph.add("matMul", new Op.MatMul(), dy, transposed(b));
  }

  /** A^T dY, which still has the axes along which B was repeated. */
  String right() {
    return graph.add("matMul", new Op.MatMul(), transposed(a), dy);
  }

  private String transposed(String matrices) {
    int rank = graph.shape(matrices).rank();
    if (rank < 2) {
      throw new IllegalArgumentException(
          "node '" + node.name() + "': there is no gradient rule for MatMul with a vector");
    }
    List<Integer> order = new ArrayList<>();
    for (int axis = 0; axis < rank; axis++) {
      order.add(axis);
    }
    Collections.swap(order, rank - 2, rank - 1);
    return graph.add("transpose", new Op.Transpose(order), matrices);
  }
}
