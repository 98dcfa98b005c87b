package org.xrv.core.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Optional;
import org.xrv.core.error.ProblemException;

/**
 * What every reader of files promises, whatever bytes it gets: a value or one line that names the
 * file; soon, and without much memory.
 */
public final class Sturdy {
  /** Of the processor, for a file of some kilobytes. */
  private static final long MOST_NANOSECONDS = 2_000_000_000L;

  /** Taken one after the other, not at once: an upper bound of what is needed. */
  private static final long MOST_BYTES = 512L << 20;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private Sturdy() {}

  /** Reads something. */
  @FunctionalInterface
  public interface Reader {
    void read() throws Exception;
  }

  /**
   * Holds a reader to its promise.
   *
   * @param name that a refusal must contain
   * @return the line of a refusal
   */
  public static Optional<String> reads(String name, Reader reader) {
    long thread = Thread.currentThread().getId();
    long bytes = THREADS.getThreadAllocatedBytes(thread);
    long time = THREADS.getCurrentThreadCpuTime();
    Optional<String> refusal = Optional.empty();
    try {
      reader.read();
    } catch (ProblemException e) {
      refusal = Optional.of(e.getMessage());
      assertEquals(1, e.getMessage().lines().count(), e.getMessage());
      assertTrue(e.getMessage().contains(name), "does not name " + name + ": " + e.getMessage());
    } catch (Exception e) {
      throw new AssertionError("neither a value nor a ProblemException: " + e, e);
    }
    time = THREADS.getCurrentThreadCpuTime() - time;
    bytes = THREADS.getThreadAllocatedBytes(thread) - bytes;
    assertTrue(time < MOST_NANOSECONDS, "took " + time / 1_000_000 + " ms");
    assertTrue(bytes < MOST_BYTES, "took " + (bytes >> 20) + " MB of memory");
    return refusal;
  }
}
