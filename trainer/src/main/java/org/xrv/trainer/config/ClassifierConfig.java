package org.xrv.trainer.config;

import java.util.Objects;
import org.xrv.core.graph.Graph;

/**
 * The settings of a classifier run.
 *
 * @param out where the run goes; empty for a name made of the settings under runs/
 */
public record ClassifierConfig(
    ClassifierSettings model,
    DataSettings data,
    TrainSettings train,
    TaskSettings tasks,
    CheckpointSettings checkpoint,
    GuardSettings guard,
    String out)
    implements RunConfig {
  public ClassifierConfig {
    Objects.requireNonNull(model);
    Objects.requireNonNull(data);
    Objects.requireNonNull(train);
    Objects.requireNonNull(tasks);
    Objects.requireNonNull(checkpoint);
    Objects.requireNonNull(guard);
    out = out == null ? "" : out;
    Settings.require(
        train.loss() == LossName.BCE, "train.loss", train.loss(), "bce for a classifier");
    Settings.require(
        train.headScale() == 1, "train.headScale", train.headScale(), "1 for a classifier");
    int weights = tasks.weights().numbers().size();
    Settings.require(
        weights == 0 || weights == model.targets().size(),
        "tasks.weights",
        tasks.weights().numbers(),
        "one number for each of " + model.targets());
    Settings.require(
        train.headInit() == 1, "train.headInit", train.headInit(), "1 for a classifier");
  }

  @Override
  public int resolution() {
    return model.resolution();
  }

  @Override
  public Graph network() {
    return model.architecture().graph();
  }

  public ClassifierConfig withOut(String directory) {
    return new ClassifierConfig(model, data, train, tasks, checkpoint, guard, directory);
  }

  public ClassifierConfig withCalibration(CalibrationName calibrate) {
    return new ClassifierConfig(
        model, data, train, new TaskSettings(tasks.weights(), calibrate), checkpoint, guard, out);
  }
}
