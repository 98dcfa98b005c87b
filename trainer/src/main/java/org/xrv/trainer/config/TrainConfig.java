package org.xrv.trainer.config;

import java.util.Objects;
import org.xrv.core.graph.Graph;

/**
 * The settings of an autoencoder run.
 *
 * @param out where the run goes; empty for a name made of the settings under runs/
 */
public record TrainConfig(
    ModelSettings model,
    DataSettings data,
    TrainSettings train,
    CheckpointSettings checkpoint,
    GuardSettings guard,
    String out)
    implements RunConfig {
  public TrainConfig {
    Objects.requireNonNull(model);
    Objects.requireNonNull(data);
    Objects.requireNonNull(train);
    Objects.requireNonNull(checkpoint);
    Objects.requireNonNull(guard);
    out = out == null ? "" : out;
    Settings.require(
        train.loss() != LossName.BCE,
        "train.loss",
        "bce",
        "elastic, mse, mae or huber for an autoencoder");
  }

  @Override
  public int resolution() {
    return model.resolution();
  }

  @Override
  public Graph network() {
    return model.architecture().autoencoder();
  }

  public TrainConfig withOut(String directory) {
    return new TrainConfig(model, data, train, checkpoint, guard, directory);
  }
}
