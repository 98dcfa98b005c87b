package org.xrv.trainer.config;

import java.util.Map;
import org.xrv.converter.torchscript.Adam;
import org.xrv.converter.torchscript.Loss;
import org.xrv.converter.torchscript.Numerics;
import org.xrv.converter.torchscript.TrainingRecipe;
import org.xrv.core.architecture.ResNetAutoencoder;

/**
 * How it is trained.
 *
 * @param batch images per step
 * @param epochs how often the training images are gone through
 * @param steps the run's length in steps instead; 0 to go by the epochs
 * @param maxStepsPerEpoch an epoch ends after so many steps even if images are left; 0 for all
 * @param lr learning rate
 * @param accumulate into how many equal parts each batch is cut, whose gradients are summed: for
 *     batches that memory does not hold at once, and for several devices. BatchNorm uses each
 *     part's own statistics
 * @param schedule constant, warmup-cosine or step
 * @param warmupSteps of warmup-cosine and step
 * @param decayEvery steps between two decays of the schedule step
 * @param decayFactor of the learning rate at each
 * @param finalShare of the learning rate that warmup-cosine ends at
 * @param loss elastic, mse, mae or huber; bce for classifiers
 * @param lossTerms weights within the loss
 * @param weightDecay added to the gradient as L2 penalty
 * @param clipNorm the gradient is scaled down to this norm where it is longer; 0 for no limit
 * @param averageDecay above 0: validated, kept and exported is the exponential moving average of
 *     the weights, of which this share stays at each step
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
 * @param devices which compute the parts of a batch: auto, a number of GPUs, or names
 */
public record TrainSettings(
    int batch,
    int accumulate,
    int epochs,
    long steps,
    int maxStepsPerEpoch,
    double lr,
    ScheduleName schedule,
    long warmupSteps,
    double finalShare,
    long decayEvery,
    double decayFactor,
    LossName loss,
    LossTerms lossTerms,
    double weightDecay,
    boolean amsgrad,
    double clipNorm,
    double averageDecay,
    double headScale,
    double headInit,
    AugmentationSettings augmentation,
    long seed,
    String init,
    boolean initPartial,
    PrecisionName precision,
    LayoutName layout,
    String devices) {
  public TrainSettings {
    devices = devices == null ? "auto" : devices;
    Settings.require(batch >= 1 && batch <= 4096, "train.batch", batch, "1 to 4096");
    Settings.require(
        accumulate >= 1 && batch % accumulate == 0,
        "train.accumulate",
        accumulate,
        "a number that divides train.batch, " + batch);
    Settings.require(epochs >= 1 || steps > 0, "train.epochs", epochs, "at least 1");
    Settings.require(steps >= 0, "train.steps", steps, "0 or more");
    Settings.require(
        maxStepsPerEpoch >= 0, "train.maxStepsPerEpoch", maxStepsPerEpoch, "0 or more");
    Settings.require(lr > 0 && Double.isFinite(lr), "train.lr", lr, "a positive number");
    Settings.require(schedule != null, "train.schedule", null, "constant, warmup-cosine or step");
    Settings.require(warmupSteps >= 0, "train.warmupSteps", warmupSteps, "0 or more");
    Settings.require(finalShare >= 0 && finalShare <= 1, "train.finalShare", finalShare, "0 to 1");
    Settings.require(
        decayEvery >= 1 || schedule != ScheduleName.STEP,
        "train.decayEvery",
        decayEvery,
        "at least 1 for the schedule step");
    Settings.require(
        decayFactor > 0 && decayFactor <= 1, "train.decayFactor", decayFactor, "in (0, 1]");
    Settings.require(loss != null, "train.loss", null, "elastic, mse, mae, huber or bce");
    Settings.require(
        lossTerms != null, "train.lossTerms", null, "squared, absolute, huberDelta, msSsim");
    Settings.require(
        clipNorm >= 0 && Double.isFinite(clipNorm), "train.clipNorm", clipNorm, "0 or more");
    Settings.require(
        averageDecay >= 0 && averageDecay < 1,
        "train.averageDecay",
        averageDecay,
        "0, or a share below 1 such as 0.999");
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

  /** What is minimised. */
  public Loss minimised() {
    return lossTerms.loss(loss);
  }

  /** How a loss is minimised. */
  public TrainingRecipe recipe(Loss minimised) {
    return new TrainingRecipe(minimised, optimizer(), clipNorm, averageDecay, accumulate);
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
    if (schedule == ScheduleName.STEP) {
      long decays = (step - warmupSteps) / decayEvery;
      return lr * Math.pow(decayFactor, (double) decays);
    }
    double share = (double) (step - warmupSteps) / Math.max(1, totalSteps - warmupSteps);
    return lr * (finalShare + (1 - finalShare) * (1 + Math.cos(Math.PI * Math.min(1, share))) / 2);
  }
}
