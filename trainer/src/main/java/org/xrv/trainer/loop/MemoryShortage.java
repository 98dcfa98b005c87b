package org.xrv.trainer.loop;

import java.util.Locale;
import java.util.Optional;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;

/** Recognizes that memory ran out, in the JVM's heap or in the engine. */
public final class MemoryShortage {
  private MemoryShortage() {}

  /** The problem to report for a failure of a step; empty when it was something else. */
  public static Optional<ProblemException> of(Throwable failure, int batch) {
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
                heap
                    ? said("the Java heap", batch) + half(batch) + ", or more heap (-Xmx)"
                    : said("the engine", batch) + half(batch),
                failure));
      }
    }
    return Optional.empty();
  }

  /**
   * The same problem of the engine with a better advice than half the batch.
   *
   * @param fits a batch size that should fit
   * @param why in a few words
   */
  public static ProblemException advised(
      ProblemException shortage, int batch, int fits, String why) {
    return new ProblemException(
        ProblemKind.OUT_OF_MEMORY,
        said("the engine", batch) + "; try --batch " + fits + " (" + why + ")",
        shortage.getCause());
  }

  /** Whether it was the engine's memory, not the Java heap. */
  public static boolean inEngine(ProblemException problem) {
    return problem.kind() == ProblemKind.OUT_OF_MEMORY
        && !(problem.getCause() instanceof OutOfMemoryError);
  }

  private static String said(String where, int batch) {
    return "out of memory in " + where + " at batch size " + batch;
  }

  private static String half(int batch) {
    return batch > 1 ? "; try --batch " + batch / 2 : "; try a smaller --width or --resolution";
  }
}
