package org.xrv.trainer.loop;

import java.util.Map;

/** Is told how training goes; what it does with it has no effect on the run. */
public interface TrainingListener {
  /** Hears nothing. */
  TrainingListener SILENT =
      new TrainingListener() {
        @Override
        public void message(String line) {}

        @Override
        public void step(StepReport report) {}

        @Override
        public void validating(int epoch, int image, int images) {}

        @Override
        public void epoch(EpochReport report) {}
      };

  /** A line worth keeping: a warning, a decision. */
  void message(String line);

  void step(StepReport report);

  /** A validation is under way. */
  void validating(int epoch, int image, int images);

  void epoch(EpochReport report);

  /**
   * After a step.
   *
   * @param step steps taken so far
   * @param epoch from 0
   * @param loss mean over the elements of the epoch so far
   * @param imagesPerSecond since the loop started, validation and checkpoints left out
   * @param secondsLeft for the steps that remain, at the pace so far with everything in it
   * @param dataWait share of the time of steps that was spent waiting for images
   */
  record StepReport(
      long step,
      long totalSteps,
      int epoch,
      double loss,
      double learningRate,
      double imagesPerSecond,
      double secondsLeft,
      double dataWait) {}

  /**
   * After a validation.
   *
   * @param epoch from 0
   * @param best whether no earlier epoch was better
   */
  record EpochReport(
      int epoch,
      long step,
      long totalSteps,
      double trainingLoss,
      Map<String, Double> metrics,
      boolean best,
      double imagesPerSecond,
      double dataWait) {
    public EpochReport {
      metrics = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(metrics));
    }
  }
}
