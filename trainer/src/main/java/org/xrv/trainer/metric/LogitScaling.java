package org.xrv.trainer.metric;

/**
 * Logits made to mean what they say: scale x logit + shift. Being affine it folds exactly into a
 * network's last dense layer; being increasing it changes no ranking.
 *
 * @param scale above 0
 */
public record LogitScaling(double scale, double shift) {
  /** Changes nothing. */
  public static final LogitScaling NONE = new LogitScaling(1, 0);

  public LogitScaling {
    if (!(scale > 0) || !Double.isFinite(scale) || !Double.isFinite(shift)) {
      throw new IllegalArgumentException("scale " + scale + ", shift " + shift);
    }
  }

  public double of(double logit) {
    return scale * logit + shift;
  }
}
