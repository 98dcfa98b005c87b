package org.xrv.trainer.config;

/**
 * When the state of a run is saved, besides the end of each epoch.
 *
 * @param everySteps after so many steps; 0 for never
 * @param everyMinutes after so much time; 0 for never
 * @param keep how many of the newest stay; the best by validation stays always
 * @param best the metric that says which is best: mae, mse or elastic of autoencoders, loss or auc
 *     of classifiers
 */
public record CheckpointSettings(int everySteps, double everyMinutes, int keep, String best) {
  public CheckpointSettings {
    Settings.require(everySteps >= 0, "checkpoint.everySteps", everySteps, "0 or more");
    Settings.require(
        everyMinutes >= 0 && everyMinutes < 1e6,
        "checkpoint.everyMinutes",
        everyMinutes,
        "0 or more");
    Settings.require(
        best != null && !best.isEmpty(),
        "checkpoint.best",
        best,
        "mae, mse or elastic of autoencoders, loss or auc of classifiers");
    Settings.require(keep >= 1, "checkpoint.keep", keep, "at least 1");
  }
}
