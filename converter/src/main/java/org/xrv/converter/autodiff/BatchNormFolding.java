package org.xrv.converter.autodiff;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.xrv.core.graph.Node;
import org.xrv.core.graph.Op;

/**
 * Backward through BatchNorm (in inference form) is a multiplication by one number per channel.
 * Next to a convolution it goes into the convolution's weights, which are constants, so that a
 * runtime multiplies once when it loads the file instead of at every pixel of every run.
 */
final class BatchNormFolding {
  private final Gradients graph;
  private final ReluRule relus;
  private final Map<String, String> owed = new HashMap<>();
  private final Set<String> paid = new HashSet<>();

  BatchNormFolding(Gradients graph, ReluRule relus) {
    this.graph = graph;
    this.relus = relus;
  }

  /** The gradient at BatchNorm's input, by the gradient at its output. */
  String through(Node norm, String dy) {
    if (paid.contains(norm.output())) {
      return dy;
    }
    String x = norm.input(0);
    Node before = graph.producer(x);
    boolean foldable =
        before != null
            && (before.op() instanceof Op.Conv
                || (before.op() instanceof Op.ConvTranspose c && c.group() == 1));
    if (foldable && graph.uses(x) == 1) {
      owed.put(x, scale(norm));
      return dy;
    }
    return graph.add("times", new Op.Mul(), dy, aligned(scale(norm), graph.shape(x).rank(), 1));
  }

  /**
   * A convolution's weight with the factors that belong to its outputs, and where possible with
   * those of a BatchNorm before its input.
   *
   * @param outputs the weight's axis of output channels
   * @param inputs the weight's axis of input channels, or -1 where groups share it
   */
  String weight(Node convolution, int outputs, int inputs) {
    String weight = convolution.input(1);
    String behind = owed.get(convolution.output());
    if (behind != null) {
      weight = graph.add("weight", new Op.Mul(), weight, aligned(behind, 4, outputs));
    }
    Node norm = inputs < 0 ? null : normBefore(convolution.input(0));
    if (norm != null) {
      paid.add(norm.output());
      weight = graph.add("weight", new Op.Mul(), weight, aligned(scale(norm), 4, inputs));
    }
    return weight;
  }

  /**
   * The BatchNorm that alone feeds a value, with at most a ReLU between: a factor may go ahead of
   * the ReLU's mask, but not ahead of guided backpropagation's, which looks at signs.
   */
  private Node normBefore(String value) {
    Node node = graph.producer(value);
    String at = value;
    if (node != null && node.op() instanceof Op.Relu && relus == ReluRule.EXACT) {
      if (graph.uses(at) != 1) {
        return null;
      }
      at = node.input(0);
      node = graph.producer(at);
    }
    return node != null && node.op() instanceof Op.BatchNormalization && graph.uses(at) == 1
        ? node
        : null;
  }

  /** The factors [C]: scale / sqrt(variance + epsilon). */
  private String scale(Node norm) {
    float epsilon = ((Op.BatchNormalization) norm.op()).epsilon();
    String variance = graph.add("variance", new Op.Add(), norm.input(4), graph.constant(epsilon));
    return graph.add(
        "scale", new Op.Div(), norm.input(1), graph.add("deviation", new Op.Sqrt(), variance));
  }

  private String aligned(String vector, int rank, int axis) {
    List<Integer> shape = new ArrayList<>(Collections.nCopies(rank, 1));
    shape.set(axis, -1);
    return graph.add("scale", new Op.Reshape(shape), vector);
  }
}
