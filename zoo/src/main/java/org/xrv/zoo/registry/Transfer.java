package org.xrv.zoo.registry;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Several works at the same time; the first failure ends them all. */
final class Transfer {
  private volatile boolean stopped;

  boolean isStopped() {
    return stopped;
  }

  /**
   * Does all works.
   *
   * @param parallel so many at once
   * @throws RuntimeException the first that a work threw
   */
  void run(List<Runnable> works, int parallel) {
    if (works.size() <= 1) {
      works.forEach(Runnable::run);
      return;
    }
    ExecutorService threads =
        Executors.newFixedThreadPool(
            Math.min(parallel, works.size()),
            task -> {
              Thread thread = new Thread(task, "transfer");
              thread.setDaemon(true);
              return thread;
            });
    List<RuntimeException> failures = new ArrayList<>();
    try {
      List<Future<?>> running = new ArrayList<>();
      for (Runnable work : works) {
        running.add(threads.submit(() -> guarded(work, failures)));
      }
      for (Future<?> one : running) {
        one.get();
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while transferring files", e);
    } finally {
      stopped = true;
      threads.shutdown();
    }
    synchronized (failures) {
      if (!failures.isEmpty()) {
        throw failures.get(0);
      }
    }
  }

  private void guarded(Runnable work, List<RuntimeException> failures) {
    if (stopped) {
      return;
    }
    try {
      work.run();
    } catch (RuntimeException e) {
      fail(e, failures);
    }
  }

  private void fail(RuntimeException e, List<RuntimeException> failures) {
    synchronized (failures) {
      failures.add(e);
    }
    stopped = true;
  }
}
