package org.xrv.converter.torchscript;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.xrv.core.graph.Shape;

/** Writes the statements of a loss of an output and the target {@code t}, named {@code loss}. */
final class LossScript {
  private final Loss loss;
  private final Shape outputShape;
  private final Consumer<String> line;

  /**
   * @param outputShape of the output; for structural similarity [N, 1, H, W]
   */
  LossScript(Loss loss, Shape outputShape, Consumer<String> line) {
    this.loss = loss;
    this.outputShape = outputShape;
    this.line = line;
  }

  void write(String output) {
    if (loss instanceof Loss.BinaryCrossEntropy crossEntropy) {
      crossEntropy(output, crossEntropy.taskWeights());
    } else if (loss instanceof Loss.Pixels pixels) {
      pixels(output, pixels);
    }
  }

  private void crossEntropy(String output, List<Double> weights) {
    line.accept("known = torch.eq(t, t)"); // NaN is not equal to itself
    line.accept("label = torch.where(known, t, torch.zeros_like(t))");
    String each = "torch.binary_cross_entropy_with_logits(" + output + ", label, None, None, 0)";
    if (!weights.isEmpty()) {
      if (weights.size() != outputShape.dim(-1)) {
        throw new IllegalArgumentException(
            weights.size() + " task weights for outputs " + outputShape);
      }
      each =
          "torch.mul("
              + each
              + ", torch.to(torch.tensor("
              + weights
              + ", dtype=7, device=torch.device(\"cpu\"), requires_grad=False), t))";
    }
    line.accept("each = " + each);
    line.accept("loss = torch.sum(torch.where(known, each, torch.zeros_like(each)))");
  }

  private void pixels(String output, Loss.Pixels pixels) {
    line.accept("difference = torch.sub(" + output + ", t)");
    List<String> terms = new ArrayList<>();
    add(terms, pixels.squared(), "torch.sum(torch.mul(difference, difference))");
    add(terms, pixels.absolute(), "torch.sum(torch.abs(difference))");
    add(
        terms,
        pixels.huber(),
        "torch.huber_loss(" + output + ", t, 2, " + pixels.delta() + ")"); // 2: the sum
    if (pixels.structural() > 0) {
      if (outputShape.rank() != 4 || outputShape.dim(1) != 1) {
        throw new IllegalArgumentException("structural similarity of outputs " + outputShape);
      }
      int height = outputShape.dim(2);
      int width = outputShape.dim(3);
      String similar = StructuralSimilarity.write(output, "t", Math.min(height, width), line);
      add(
          terms,
          pixels.structural() * height * width,
          "torch.sum(torch.rsub(" + similar + ", 1.))");
    }
    String sum = terms.get(0);
    for (String term : terms.subList(1, terms.size())) {
      sum = "torch.add(" + sum + ", " + term + ")";
    }
    line.accept("loss = " + sum);
  }

  private static void add(List<String> terms, double weight, String term) {
    if (weight > 0) {
      terms.add(weight == 1 ? term : "torch.mul(" + term + ", " + weight + ")");
    }
  }
}
