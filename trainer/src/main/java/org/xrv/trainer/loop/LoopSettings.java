package org.xrv.trainer.loop;

import java.nio.file.Path;
import org.xrv.trainer.config.CheckpointSettings;
import org.xrv.trainer.config.GuardSettings;
import org.xrv.trainer.config.TrainSettings;

/**
 * What the loop needs to know besides task and data.
 *
 * @param run the run's directory
 */
public record LoopSettings(
    Path run, TrainSettings train, CheckpointSettings checkpoint, GuardSettings guard) {
  /** With the usual guard. */
  public LoopSettings(Path run, TrainSettings train, CheckpointSettings checkpoint) {
    this(run, train, checkpoint, GuardSettings.DEFAULT);
  }
}
