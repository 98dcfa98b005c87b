package org.xrv.trainer.checkpoint;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.xrv.core.error.Outcomes;
import org.xrv.core.error.ProblemException;
import org.xrv.trainer.engine.Snapshot;

/**
 * Writes checkpoints behind the back of training, one at a time. Whoever saves waits for the one
 * before only. For one thread; close it before the session that snapshots are of.
 */
public final class CheckpointWriter implements AutoCloseable {
  private final CheckpointStore store;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread writer = new Thread(task, "checkpoint");
            writer.setDaemon(true);
            return writer;
          });
  private Future<?> underWay;

  public CheckpointWriter(CheckpointStore store) {
    this.store = store;
  }

  /**
   * Begins to write a checkpoint.
   *
   * @param snapshot is closed when it is written
   * @throws ProblemException as {@link CheckpointStore#save} has it, of the one before
   */
  public void save(TrainingState state, Snapshot snapshot) {
    try {
      finish();
    } catch (RuntimeException e) {
      snapshot.close();
      throw e;
    }
    underWay =
        thread.submit(
            () -> {
              try (snapshot) {
                store.save(state, snapshot.weights(), snapshot::optimizerState);
              }
            });
  }

  /**
   * Tells of a failure as soon as it is known, without waiting.
   *
   * @throws ProblemException as {@link CheckpointStore#save} has it
   */
  public void check() {
    if (underWay != null && underWay.isDone()) {
      finish();
    }
  }

  /**
   * Waits until the last checkpoint is on the disk.
   *
   * @throws ProblemException as {@link CheckpointStore#save} has it
   */
  public void finish() {
    if (underWay == null) {
      return;
    }
    Future<?> last = underWay;
    underWay = null;
    Outcomes.of(last, "writing a checkpoint");
  }

  /** Waits as {@link #finish} does and tells of nothing, when there is a worse thing to tell. */
  public void settle() {
    try {
      finish();
    } catch (ProblemException e) {
      // The checkpoints before are as they were.
    }
  }

  /** Waits for what is under way; its failure is told by {@link #finish} only. */
  @Override
  public void close() {
    thread.shutdown();
    try {
      while (!thread.awaitTermination(1, java.util.concurrent.TimeUnit.MINUTES)) {
        // A slow disk: the arrays it writes from are in use.
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
