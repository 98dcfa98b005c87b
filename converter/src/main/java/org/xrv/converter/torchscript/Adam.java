package org.xrv.converter.torchscript;

import java.util.Map;

/**
 * Adam (Kingma and Ba 2015) with L2 weight decay added to the gradient and the AMSGrad maximum, as
 * torch.optim.Adam computes it.
 *
 * @param learningRateScale factors by parameter name, 1 where absent: a head that works in units of
 *     s pixels is the head with its weights and its rate times s
 */
public record Adam(
    double beta1,
    double beta2,
    double epsilon,
    double weightDecay,
    boolean amsgrad,
    Map<String, Double> learningRateScale) {
  /** The paper's: weight decay 1e-5, AMSGrad. */
  public static final Adam PAPER = new Adam(0.9, 0.999, 1e-8, 1e-5, true, Map.of());

  public Adam {
    learningRateScale = Map.copyOf(learningRateScale);
    if (beta1 < 0 || beta1 >= 1 || beta2 < 0 || beta2 >= 1 || epsilon <= 0 || weightDecay < 0) {
      throw new IllegalArgumentException(
          "Adam with betas "
              + beta1
              + ", "
              + beta2
              + ", epsilon "
              + epsilon
              + ", decay "
              + weightDecay);
    }
  }

  public Adam withLearningRateScale(Map<String, Double> scale) {
    return new Adam(beta1, beta2, epsilon, weightDecay, amsgrad, scale);
  }
}
