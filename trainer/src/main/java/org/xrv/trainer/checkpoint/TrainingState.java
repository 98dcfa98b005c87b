package org.xrv.trainer.checkpoint;

import java.util.Optional;

/**
 * Where a run is, besides its weights. Everything random is a function of it and the run's seed.
 *
 * @param step optimizer steps taken
 * @param epoch the epoch under way, from 0
 * @param stepInEpoch steps taken in it; equal to the steps of an epoch while its validation is due
 * @param lossSum of the epoch so far
 * @param lossElements how many elements that sum is over
 * @param best the best validation so far
 * @param metricsLength bytes of metrics.jsonl that belong to this state
 */
public record TrainingState(
    long step,
    int epoch,
    int stepInEpoch,
    double lossSum,
    long lossElements,
    Optional<Best> best,
    long metricsLength) {
  /** The state before the first step. */
  public static final TrainingState START = new TrainingState(0, 0, 0, 0, 0, Optional.empty(), 0);

  /**
   * The best validation.
   *
   * @param score lower is better
   */
  public record Best(long step, int epoch, double score) {}

  public TrainingState {
    if (step < 0 || epoch < 0 || stepInEpoch < 0 || lossElements < 0 || metricsLength < 0) {
      throw new IllegalArgumentException("a negative position: " + step + ", " + epoch);
    }
  }

  public TrainingState withMetricsLength(long length) {
    return new TrainingState(step, epoch, stepInEpoch, lossSum, lossElements, best, length);
  }
}
