package org.xrv.trainer.config;

import java.util.Map;
import org.xrv.converter.torchscript.Adam;
import org.xrv.converter.torchscript.Numerics;
import org.xrv.core.architecture.ResNetAutoencoder;

/**
 * How it is trained.
 *
 * @param batch images per step
 * @param epochs how often the training images are gone through
 * @param steps the run's length in steps instead; 0 to go by the epochs
 * @param maxStepsPerEpoch an epoch ends after so many steps even if images are left; 0 for all
 * @param lr learning rate
 * @param schedule constant or warmup-cosine
 * @param warmupSteps of warmup-cosine
 * @param finalShare of the learning rate that warmup-cosine ends at
 * @param loss elastic, mse or mae; bce for classifiers
 * @param weightDecay added to the gradient as L2 penalty
 * @param headScale the last layer learns in units of so many pixels: its learning rate is
 *     multiplied by it
 * @param headInit factor on the last layer's first weights. Its inputs are not negative, so that a
 *     first learning of the images' brightness turns weights that are small against headScale to
 *     one sign for good, and the network then has no black; weights that are large start thousands
 *     of pixels off
 * @param seed of weights, order and augmentation
 * @param init what the first weights are taken from: a model of the zoo, a package, a run, or a
 *     file; empty for random ones
 * @param initPartial whether weights that fit are taken when others do not, which stay random
 * @param precision fp32, bf16 for convolutions and matrix products, or auto: the faster one
 * @param layout the order of activations in memory; results differ in rounding only
 */
public record TrainSettings(
    int batch,
    int epochs,
    long steps,
    int maxStepsPerEpoch,
    double lr,
    ScheduleName schedule,
    long warmupSteps,
    double finalShare,
    LossName loss,
    double weightDecay,
    boolean amsgrad,
    double headScale,
    double headInit,
    AugmentationSettings augmentation,
    long seed,
    String init,
    boolean initPartial,
    PrecisionName precision,
    LayoutName layout) {
  public TrainSettings {
    Settings.require(batch >= 1 && batch <= 4096, "train.batch", batch, "1 to 4096");
    Settings.require(epochs >= 1 || steps > 0, "train.epochs", epochs, "at least 1");
    Settings.require(steps >= 0, "train.steps", steps, "0 or more");
    Settings.require(
        maxStepsPerEpoch >= 0, "train.maxStepsPerEpoch", maxStepsPerEpoch, "0 or more");
    Settings.require(lr > 0 && Double.isFinite(lr), "train.lr", lr, "a positive number");
    Settings.require(schedule != null, "train.schedule", null, "constant or warmup-cosine");
    Settings.require(warmupSteps >= 0, "train.warmupSteps", warmupSteps, "0 or more");
    Settings.require(finalShare >= 0 && finalShare <= 1, "train.finalShare", finalShare, "0 to 1");
    Settings.require(loss != null, "train.loss", null, "elastic, mse, mae or bce");
    Settings.require(weightDecay >= 0, "train.weightDecay", weightDecay, "0 or more");
    Settings.require(
        headScale > 0 && Double.isFinite(headScale),
        "train.headScale",
        headScale,
        "a positive number");
    Settings.require(
        headInit > 0 && Double.isFinite(headInit), "train.headInit", headInit, "a positive number");
    Settings.require(
        augmentation != null,
        "train.augmentation",
        null,
        "rotation, translation, scaleFrom, scaleTo");
    init = init == null ? "" : init;
    Settings.require(precision != null, "train.precision", null, "auto, fp32 or bf16");
    Settings.require(layout != null, "train.layout", null, "channels-last or contiguous");
  }

  /** The paper's Adam with this run's decay and rates. */
  public Adam optimizer() {
    return new Adam(
        Adam.PAPER.beta1(),
        Adam.PAPER.beta2(),
        Adam.PAPER.epsilon(),
        weightDecay,
        amsgrad,
        headScale == 1 ? Map.of() : Map.of(ResNetAutoencoder.HEAD_WEIGHT, headScale));
  }

  /** In which types and which order in memory steps compute. */
  public Numerics numerics() {
    return new Numerics(precision.precision(), layout.layout());
  }

  /** Steps until an epoch ends, for a number of whole batches of training images. */
  public int stepsPerEpoch(int batches) {
    return maxStepsPerEpoch == 0 ? batches : Math.min(batches, maxStepsPerEpoch);
  }

  /** The length of the run in steps. */
  public long totalSteps(int stepsPerEpoch) {
    return steps > 0 ? steps : (long) epochs * stepsPerEpoch;
  }

  /**
   * The learning rate of a step, a function of the settings only.
   *
   * @param step from 0
   * @param totalSteps the length of the run
   */
  public double learningRate(long step, long totalSteps) {
    if (schedule == ScheduleName.CONSTANT) {
      return lr;
    }
    if (step < warmupSteps) {
      return lr * (step + 1) / warmupSteps;
    }
    double share = (double) (step - warmupSteps) / Math.max(1, totalSteps - warmupSteps);
    return lr * (finalShare + (1 - finalShare) * (1 + Math.cos(Math.PI * Math.min(1, share))) / 2);
  }
}
