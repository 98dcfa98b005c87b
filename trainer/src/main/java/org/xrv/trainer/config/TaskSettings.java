package org.xrv.trainer.config;

/**
 * How a classifier's targets are weighed against each other and made to hold.
 *
 * @param weights none, balanced, torchxrayvision, or a number for each target
 * @param calibrate none, temperature or platt: folded into the last layer at export
 */
public record TaskSettings(TaskWeights weights, CalibrationName calibrate) {
  public TaskSettings {
    Settings.require(
        weights != null, "tasks.weights", null, "none, balanced, torchxrayvision or numbers");
    Settings.require(calibrate != null, "tasks.calibrate", null, "none, temperature or platt");
  }
}
