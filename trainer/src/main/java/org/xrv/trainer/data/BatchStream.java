package org.xrv.trainer.data;

import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import org.xrv.core.error.Outcomes;

/**
 * Batches in order, a bounded number of them being prepared ahead. For one consumer thread; close
 * it when leaving early.
 */
public final class BatchStream implements AutoCloseable {
  private final ExecutorService workers;
  private final int ahead;
  private final int end;
  private final IntFunction<Optional<Batch>> prepare;
  private final ArrayDeque<Future<Optional<Batch>>> pending = new ArrayDeque<>();
  private int submitted;
  private long waitedNanos;

  BatchStream(
      ExecutorService workers,
      int ahead,
      int first,
      int end,
      IntFunction<Optional<Batch>> prepare) {
    this.workers = workers;
    this.ahead = ahead;
    this.submitted = first;
    this.end = end;
    this.prepare = prepare;
  }

  /**
   * The next batch that holds an image; empty at the end.
   *
   * @throws org.xrv.core.error.ProblemException BAD_DATA as the data set says it
   */
  public Optional<Batch> next() {
    while (true) {
      while (submitted < end && pending.size() < ahead) {
        int index = submitted++;
        pending.add(workers.submit(() -> prepare.apply(index)));
      }
      if (pending.isEmpty()) {
        return Optional.empty();
      }
      Optional<Batch> batch = await(pending.remove());
      if (batch.isPresent()) {
        return batch;
      }
    }
  }

  /** How long the consumer waited for data so far. */
  public long waitedNanos() {
    return waitedNanos;
  }

  private Optional<Batch> await(Future<Optional<Batch>> future) {
    long start = System.nanoTime();
    try {
      return Outcomes.of(future, "waiting for images");
    } finally {
      waitedNanos += System.nanoTime() - start;
    }
  }

  @Override
  public void close() {
    // Not interrupted: an interrupted read would look like an unreadable image.
    pending.forEach(f -> f.cancel(false));
    pending.clear();
  }
}
