package org.xrv.converter.torchscript;

import java.util.function.Consumer;

/** Writes the statements of a loss of an output and the target {@code t}, named {@code loss}. */
final class LossScript {
  private final Loss loss;
  private final Consumer<String> line;

  LossScript(Loss loss, Consumer<String> line) {
    this.loss = loss;
    this.line = line;
  }

  void write(String output) {
    if (loss == Loss.BINARY_CROSS_ENTROPY) {
      line.accept("known = torch.eq(t, t)"); // NaN is not equal to itself
      line.accept("label = torch.where(known, t, torch.zeros_like(t))");
      line.accept(
          "each = torch.binary_cross_entropy_with_logits(" + output + ", label, None, None, 0)");
      line.accept("loss = torch.sum(torch.where(known, each, torch.zeros_like(each)))");
      return;
    }
    line.accept("difference = torch.sub(" + output + ", t)");
    String squared = "torch.sum(torch.mul(difference, difference))";
    String absolute = "torch.sum(torch.abs(difference))";
    line.accept(
        "loss = "
            + switch (loss) {
              case ELASTIC -> "torch.add(" + squared + ", " + absolute + ")";
              case MSE -> squared;
              case MAE -> absolute;
              case BINARY_CROSS_ENTROPY -> throw new AssertionError(loss);
            });
  }
}
