package org.xrv.trainer.config;

/**
 * When a run is stopped as lost, and runs that only look for mistakes.
 *
 * @param lossFactor a run has diverged when its loss stays above so many times the median of its
 *     latest losses; 0 for never. A loss that is no number always ends it
 * @param lossSteps for so many steps on end
 * @param overfitBatch trains on one batch over and over, without augmentation, and validates with
 *     it: a network that does not learn it by heart has a mistake
 * @param maxValidationBatches how many batches a validation looks at; 0 for all
 */
public record GuardSettings(
    double lossFactor, int lossSteps, boolean overfitBatch, int maxValidationBatches) {
  /** What holds unless settings say otherwise. */
  public static final GuardSettings DEFAULT = new GuardSettings(1000, 5, false, 0);

  public GuardSettings {
    Settings.require(
        lossFactor == 0 || (lossFactor > 1 && Double.isFinite(lossFactor)),
        "guard.lossFactor",
        lossFactor,
        "a number above 1, or 0 for never");
    Settings.require(
        lossSteps >= 1 && lossSteps <= 1000, "guard.lossSteps", lossSteps, "1 to 1000");
    Settings.require(
        maxValidationBatches >= 0, "guard.maxValidationBatches", maxValidationBatches, "0 or more");
  }
}
