package org.xrv.trainer.loop;

import java.util.Locale;
import java.util.Optional;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;

/** Recognizes that memory ran out, in the JVM's heap or in the engine. */
final class MemoryShortage {
  private MemoryShortage() {}

  /** The problem to report for a failure of a step; empty when it was something else. */
  static Optional<ProblemException> of(Throwable failure, int batch) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      String message = String.valueOf(t.getMessage()).toLowerCase(Locale.ROOT);
      boolean heap = t instanceof OutOfMemoryError;
      // c10's CPU allocator, CUDA's, and operator new say it in these words.
      if (heap
          || message.contains("can't allocate memory")
          || message.contains("not enough memory")
          || message.contains("out of memory")
          || message.contains("bad_alloc")) {
        return Optional.of(
            new ProblemException(
                ProblemKind.OUT_OF_MEMORY,
                "out of memory "
                    + (heap ? "in the Java heap" : "in the engine")
                    + " at batch size "
                    + batch
                    + (batch > 1
                        ? "; try --batch " + batch / 2
                        : "; try a smaller --width or --resolution")
                    + (heap ? ", or more heap (-Xmx)" : ""),
                failure));
      }
    }
    return Optional.empty();
  }
}
