package org.xrv.core.dataset.cache;

import java.util.ArrayDeque;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.xrv.core.error.Outcomes;

/** Items in order, a few being prepared ahead by threads. For one consumer. */
final class ItemStream implements AutoCloseable {
  /** Of files in memory that wait for being decoded; one more may be larger. */
  private static final long MOST_BYTES = 64L << 20;

  private final Tasks tasks;
  private final int ahead;
  private final ExecutorService workers;
  private final ArrayDeque<Pending> pending = new ArrayDeque<>();
  private long pendingBytes;
  private boolean ended;

  /**
   * An encoded image.
   *
   * @param number of it, as the writer counts
   * @param problem why it could not be read; empty when it could
   */
  @SuppressWarnings("ArrayRecordComponent") // handed on once, never changed
  record Item(int number, byte[] bytes, String problem) {}

  /**
   * Something to prepare.
   *
   * @param bytes that it holds in memory until then
   */
  record Task(long bytes, Supplier<Item> prepare) {}

  /** What is to be prepared, in order; asked by the consumer's thread. */
  interface Tasks {
    /** The next, or null at the end. */
    Task next();
  }

  private record Pending(Future<Item> item, long bytes) {}

  ItemStream(Tasks tasks, int threads) {
    this.tasks = tasks;
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

  private void fill() {
    while (!ended && pending.size() < ahead && pendingBytes < MOST_BYTES) {
      Task task = tasks.next();
      if (task == null) {
        ended = true;
      } else {
        pendingBytes += task.bytes();
        pending.add(new Pending(workers.submit(task.prepare()::get), task.bytes()));
      }
    }
  }

  boolean hasNext() {
    fill();
    return !pending.isEmpty();
  }

  Item next() {
    fill();
    Pending first = pending.remove();
    pendingBytes -= first.bytes();
    return Outcomes.of(first.item(), "preparing images");
  }

  @Override
  public void close() {
    pending.forEach(p -> p.item().cancel(false));
    workers.shutdown();
  }
}
