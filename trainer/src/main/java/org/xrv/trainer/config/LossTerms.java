package org.xrv.trainer.config;

import org.xrv.converter.torchscript.Loss;

/**
 * Weights of what an autoencoder's loss is made of, all in pixel units.
 *
 * @param squared of the squared error in the elastic loss
 * @param absolute of the absolute error in the elastic loss
 * @param huberDelta where the huber loss turns from squared to linear, in pixels of [-1024, 1024]
 * @param msSsim of 1 - MS-SSIM, which counts for each pixel, beside any loss; 0 for none
 */
public record LossTerms(double squared, double absolute, double huberDelta, double msSsim) {
  public LossTerms {
    Settings.require(weight(squared), "train.lossTerms.squared", squared, "0 or more");
    Settings.require(weight(absolute), "train.lossTerms.absolute", absolute, "0 or more");
    Settings.require(
        squared + absolute > 0,
        "train.lossTerms.squared",
        squared,
        "above 0, or train.lossTerms.absolute above 0");
    Settings.require(
        huberDelta > 0 && Double.isFinite(huberDelta),
        "train.lossTerms.huberDelta",
        huberDelta,
        "a positive number");
    Settings.require(weight(msSsim), "train.lossTerms.msSsim", msSsim, "0 or more");
  }

  private static boolean weight(double value) {
    return value >= 0 && Double.isFinite(value);
  }

  /** The loss of a name with these weights. */
  Loss loss(LossName name) {
    return switch (name) {
      case ELASTIC -> Loss.elastic(squared, absolute).withStructural(msSsim);
      case MSE -> Loss.MSE.withStructural(msSsim);
      case MAE -> Loss.MAE.withStructural(msSsim);
      case HUBER -> Loss.huber(huberDelta).withStructural(msSsim);
      case BCE -> Loss.BINARY_CROSS_ENTROPY;
    };
  }
}
