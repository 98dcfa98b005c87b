package org.xrv.zoo.cli;

import java.io.PrintWriter;
import java.util.Locale;
import org.xrv.core.cli.Progress;
import org.xrv.zoo.registry.TransferListener;

/** Shows how far a transfer is, on the standard error. */
final class TransferProgress implements TransferListener {
  private static final double MB = 1e6;
  private static final long JSON_NANOS = 500_000_000L;

  private final PrintWriter err;
  private final Progress progress;
  private final boolean json;
  private final boolean quiet;
  private String what = "";
  private int files;
  private long total;
  private long done;
  private long start = System.nanoTime();
  private long last = start;

  private TransferProgress(PrintWriter err, Progress progress, boolean json, boolean quiet) {
    this.err = err;
    this.progress = progress;
    this.json = json;
    this.quiet = quiet;
  }

  static TransferProgress on(PrintWriter err, NetworkOptions.ProgressForm form, boolean quiet) {
    return new TransferProgress(
        err, Progress.ofThisProcess(err, quiet), form == NetworkOptions.ProgressForm.JSON, quiet);
  }

  @Override
  public synchronized void begin(String newWhat, int newFiles, long bytes) {
    what = newWhat;
    files = newFiles;
    total = bytes;
    done = 0;
    start = System.nanoTime();
    last = start;
    if (json) {
      event("begin");
    }
  }

  @Override
  public synchronized void moved(long bytes) {
    done += bytes;
    if (what.isEmpty()) {
      return;
    }
    if (!json) {
      progress.update(this::line);
    } else if (System.nanoTime() - last >= JSON_NANOS) {
      event("progress");
    }
  }

  @Override
  public synchronized void remark(String text) {
    if (json) {
      print(Json.object().put("event", "remark").put("text", text).toString());
    } else {
      progress.line(text);
    }
  }

  @Override
  public synchronized void end() {
    if (json) {
      event("end");
    } else {
      progress.clear();
    }
    what = "";
  }

  private String line() {
    double seconds = Math.max(1e-3, (System.nanoTime() - start) / 1e9);
    double rate = done / seconds;
    long left = rate > 0 ? Math.round((total - done) / rate) : -1;
    return String.format(
        Locale.ROOT,
        "%s: %d files, %,.1f of %,.1f MB (%d %%), %,.1f MB/s%s",
        what,
        files,
        done / MB,
        total / MB,
        total == 0 ? 100 : Math.round(100.0 * done / total),
        rate / MB,
        left < 0 ? "" : String.format(Locale.ROOT, ", %d:%02d left", left / 60, left % 60));
  }

  private void event(String name) {
    last = System.nanoTime();
    print(
        Json.object()
            .put("event", name)
            .put("what", what)
            .put("files", files)
            .put("bytes", done)
            .put("total", total)
            .put("seconds", Math.round((last - start) / 1e6) / 1e3)
            .toString());
  }

  private void print(String text) {
    if (!quiet) {
      err.println(text);
    }
  }
}
