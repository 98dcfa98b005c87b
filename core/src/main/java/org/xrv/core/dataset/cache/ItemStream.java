package org.xrv.core.dataset.cache;

import java.util.ArrayDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;

/** Items in order, a few being prepared ahead by threads. For one consumer. */
final class ItemStream implements AutoCloseable {
  private final IntFunction<Item> prepare;
  private final int end;
  private final int ahead;
  private final ExecutorService workers;
  private final ArrayDeque<Future<Item>> pending = new ArrayDeque<>();
  private int submitted;

  /**
   * An encoded image.
   *
   * @param problem why it could not be read; empty when it could
   */
  @SuppressWarnings("ArrayRecordComponent") // handed on once, never changed
  record Item(byte[] bytes, String problem) {}

  ItemStream(IntFunction<Item> prepare, int first, int end, int threads) {
    this.prepare = prepare;
    this.submitted = first;
    this.end = end;
    this.ahead = 4 * threads;
    this.workers =
        Executors.newFixedThreadPool(
            threads,
            task -> {
              Thread thread = new Thread(task, "prepare");
              thread.setDaemon(true);
              return thread;
            });
  }

  Item next() {
    while (submitted < end && pending.size() < ahead) {
      int number = submitted++;
      pending.add(workers.submit(() -> prepare.apply(number)));
    }
    try {
      return pending.remove().get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException known) {
        throw known;
      }
      if (e.getCause() instanceof Error known) {
        throw known;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while preparing images", e);
    }
  }

  @Override
  public void close() {
    pending.forEach(f -> f.cancel(false));
    workers.shutdown();
  }
}
