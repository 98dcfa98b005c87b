package org.xrv.trainer.checkpoint;

import java.nio.file.Path;
import org.xrv.core.tensor.NamedTensors;

/**
 * A checkpoint that was read and verified.
 *
 * @param seed of the run that wrote it
 * @param configDigest of the settings that the run's numbers depend on
 */
public record Checkpoint(
    Path directory,
    TrainingState state,
    long seed,
    String configDigest,
    NamedTensors model,
    NamedTensors optimizer) {
  /** The file of the weights. */
  public static final String MODEL = "model.safetensors";
}
