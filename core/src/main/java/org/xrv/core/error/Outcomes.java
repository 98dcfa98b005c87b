package org.xrv.core.error;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/** What another thread's work came to. */
public final class Outcomes {
  private Outcomes() {}

  /**
   * Waits for work and gives its result, or throws what it threw, as if this thread had done it.
   *
   * @param doing the work in words, for the case that this thread is interrupted: "checking images"
   * @throws IllegalStateException when the work threw a checked exception, or this thread is
   *     interrupted
   */
  public static <T> T of(Future<T> work, String doing) {
    try {
      return work.get();
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
      throw new IllegalStateException("interrupted while " + doing, e);
    }
  }
}
