package org.xrv.core.cli;

import java.io.PrintWriter;
import java.util.function.Supplier;

/**
 * Tells how far a work is. On a terminal one line is written over and over; elsewhere (a log file)
 * a plain line appears every ten seconds. For use by several threads.
 */
public final class Progress {
  private static final long TERMINAL_NANOS = 100_000_000L;
  private static final long LOG_NANOS = 10_000_000_000L;
  private final PrintWriter out;
  private final boolean terminal;
  private final boolean quiet;
  private long last;
  private int shown;

  private Progress(PrintWriter out, boolean terminal, boolean quiet) {
    this.out = out;
    this.terminal = terminal;
    this.quiet = quiet;
    this.last = System.nanoTime() - LOG_NANOS;
  }

  /**
   * Writes to a stream.
   *
   * @param terminal whether a line can be written over
   * @param quiet whether to say nothing at all, except {@link #warning}
   */
  public static Progress on(PrintWriter out, boolean terminal, boolean quiet) {
    return new Progress(out, terminal, quiet);
  }

  /**
   * On the standard error of this process. Java cannot tell whether that is a terminal; the
   * launchers do, through the system property xrv.terminal.
   */
  public static Progress ofThisProcess(PrintWriter err, boolean quiet) {
    return new Progress(err, Boolean.getBoolean("xrv.terminal"), quiet);
  }

  /** Shows where the work is, unless that was done a moment ago. */
  public synchronized void update(Supplier<String> state) {
    long now = System.nanoTime();
    if (quiet || now - last < (terminal ? TERMINAL_NANOS : LOG_NANOS)) {
      return;
    }
    last = now;
    String text = state.get();
    if (terminal) {
      out.print("\r" + text + " ".repeat(Math.max(0, shown - text.length())));
      shown = text.length();
    } else {
      out.print(text + System.lineSeparator());
    }
    out.flush();
  }

  /** Writes a line that stays. */
  public synchronized void line(String text) {
    if (!quiet) {
      print(text);
    }
  }

  /** Writes a line that stays, even when quiet. */
  public synchronized void warning(String text) {
    // Names in archives and cells of tables may hold what a terminal obeys.
    print("warning: " + text.replaceAll("\\p{Cntrl}", " "));
  }

  /** Takes the line away that is written over. */
  public synchronized void clear() {
    if (terminal && shown > 0) {
      out.print("\r" + " ".repeat(shown) + "\r");
      out.flush();
      shown = 0;
    }
  }

  private void print(String text) {
    clear();
    out.println(text);
    out.flush();
  }
}
