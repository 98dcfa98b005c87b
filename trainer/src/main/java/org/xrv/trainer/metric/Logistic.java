package org.xrv.trainer.metric;

/** The logistic function and what goes with it, without overflow at any logit. */
public final class Logistic {
  private Logistic() {}

  /** Probability of a logit, in [0, 1]. */
  public static double probability(double logit) {
    double e = Math.exp(-Math.abs(logit));
    return logit >= 0 ? 1 / (1 + e) : e / (1 + e);
  }

  /** The logit of a probability in (0, 1). */
  public static double logit(double probability) {
    return Math.log(probability / (1 - probability));
  }

  /**
   * Binary cross-entropy of a logit, in nats.
   *
   * @param target the share of positives, in [0, 1]
   */
  public static double loss(double logit, double target) {
    return Math.log1p(Math.exp(-Math.abs(logit))) + Math.max(logit, 0) - logit * target;
  }
}
