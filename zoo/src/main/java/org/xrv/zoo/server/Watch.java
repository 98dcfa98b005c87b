package org.xrv.zoo.server;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Ends requests whose clients stall. The JDK's server gives each request a thread, from the first
 * byte of its headers on, and its own limits are for whole requests, which for models may take
 * hours. Interrupting a thread closes the socket channel that it waits for.
 */
final class Watch implements AutoCloseable {
  /** Fewer bytes than this in the time limit count as none. */
  private static final int LEAST_BYTES = 4096;

  private static final ThreadLocal<Work> CURRENT = new ThreadLocal<>();

  private final long headersNanos;
  private final long bodyNanos;
  private final Set<Work> works = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "xrv-zoo-watch");
            thread.setDaemon(true);
            return thread;
          });

  /**
   * Begins to watch.
   *
   * @param headers how long a request may take to its body, with the handshake of TLS
   * @param body how long nothing may arrive of a body, or be taken of an answer
   */
  Watch(Duration headers, Duration body) {
    this.headersNanos = headers.toNanos();
    this.bodyNanos = body.toNanos();
    long least = Math.min(headers.toMillis(), body.toMillis());
    long period = Math.max(10, Math.min(1000, least / 4));
    var unused = timer.scheduleWithFixedDelay(this::check, period, period, TimeUnit.MILLISECONDS);
  }

  /** One request on its thread. */
  static final class Work {
    private final long bodyNanos;
    private volatile long limitNanos;
    private final Thread thread = Thread.currentThread();
    private volatile boolean waits = true; // for the rest of the headers
    private volatile long since = System.nanoTime();
    private volatile long waited;
    private int moved;
    private boolean over;

    private Work(long headersNanos, long bodyNanos) {
      this.limitNanos = headersNanos;
      this.bodyNanos = bodyNanos;
    }

    /** From here on, the client decides how long it takes. */
    void waits() {
      since = System.nanoTime();
      waits = true;
    }

    /** The client sent or took some bytes. */
    void goesOn(int bytes) {
      long now = waited + System.nanoTime() - since;
      waits = false;
      moved += bytes;
      if (moved >= LEAST_BYTES) {
        moved = 0;
        now = 0;
      }
      waited = now;
    }

    /** Nothing that was waited for before counts any more. */
    void begins() {
      waits = false;
      waited = 0;
      limitNanos = bodyNanos;
    }

    private boolean isStalled() {
      return waits && waited + System.nanoTime() - since > limitNanos;
    }

    /** Ends the request, unless it has ended. */
    synchronized void abort() {
      if (!over) {
        thread.interrupt();
      }
    }

    private synchronized void end() {
      over = true;
      boolean unused = Thread.interrupted(); // the thread's next request is another client's
    }
  }

  /** Runs tasks in a pool and watches them. */
  Executor over(Executor pool) {
    return task ->
        pool.execute(
            () -> {
              Work work = new Work(headersNanos, bodyNanos);
              CURRENT.set(work);
              works.add(work);
              try {
                task.run();
              } finally {
                works.remove(work);
                CURRENT.remove();
                work.end();
              }
            });
  }

  /** The request of this thread. */
  Work current() {
    return CURRENT.get();
  }

  /** Runs something now and then, on the thread that watches. */
  void every(long period, TimeUnit unit, Runnable task) {
    var unused = timer.scheduleWithFixedDelay(task, period, period, unit);
  }

  private void check() {
    for (Work work : works) {
      if (work.isStalled()) {
        work.abort();
      }
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
