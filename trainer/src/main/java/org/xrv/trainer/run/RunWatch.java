package org.xrv.trainer.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.io.AtomicFiles;
import org.xrv.trainer.log.ProcessMemory;
import org.xrv.trainer.log.RunHistory;
import org.xrv.trainer.log.RunState;
import org.xrv.trainer.log.RunStatus;
import org.xrv.trainer.loop.RunPlace;
import org.xrv.trainer.loop.TrainingListener;
import org.xrv.trainer.report.MetricsTable;
import org.xrv.trainer.report.RunReport;
import org.xrv.trainer.tensorboard.TensorBoardFolder;

/**
 * Keeps what people look at up to date while a run goes: status.json, report.html, metrics.csv and
 * TensorBoard's events. All of it comes from the run's logs and is written by a thread of its own:
 * a slow or full disk costs training no time and never ends it.
 */
final class RunWatch implements TrainingListener {
  private static final long EVENTS_SECONDS = 5;
  private static final long REPORT_NANOS = TimeUnit.SECONDS.toNanos(30);

  /** A disk that does not answer must not keep a stopped run from ending. */
  private static final long END_SECONDS = 10;

  private enum Part {
    LOGS("metrics.jsonl and timing.jsonl cannot be read for report and TensorBoard"),
    TENSORBOARD("TensorBoard's events cannot be written"),
    REPORT("status.json, report.html and metrics.csv cannot be written");

    private final String trouble;

    Part(String trouble) {
      this.trouble = trouble;
    }
  }

  private interface Writing {
    void run() throws IOException;
  }

  private final Path run;
  private final RunPlace place;
  private final TrainingListener listener;
  private final RunHistory history;
  private final TensorBoardFolder events;
  private final Set<Part> warned = EnumSet.noneOf(Part.class);
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread daemon = new Thread(work, "run-watch");
            daemon.setDaemon(true);
            return daemon;
          });
  private volatile RunStatus status;
  private volatile boolean reportDue = true;
  private ScheduledFuture<?> regularly;
  private boolean timingCut;
  private long reported;

  private RunWatch(Path run, TrainingListener listener) {
    this.run = run;
    this.place = RunPlace.of(run);
    this.listener = listener;
    this.history = new RunHistory(run);
    this.events = new TensorBoardFolder(run, history);
    this.status =
        RunStatus.read(run)
            .orElse(
                new RunStatus(RunStatus.FORMAT, RunState.RUNNING, "", 0, 0, 0, 0, 0, 0, 0, 0, 0));
  }

  /**
   * Trains while watching.
   *
   * @param run its directory
   * @param listener is told everything, too
   * @param training gets what is to be told
   */
  static <T> T during(Path run, TrainingListener listener, Function<TrainingListener, T> training) {
    RunWatch watch = new RunWatch(run, listener);
    RunState end = RunState.FAILED;
    String why = "";
    try {
      T result = training.apply(watch);
      end = RunState.DONE;
      return result;
    } catch (ProblemException e) {
      end = e.kind() == ProblemKind.PREEMPTED ? RunState.STOPPED : RunState.FAILED;
      why = e.getMessage();
      throw e;
    } catch (RuntimeException | Error e) {
      why = e.toString();
      throw e;
    } finally {
      watch.end(end, why);
    }
  }

  @Override
  public void message(String line) {
    listener.message(line);
  }

  @Override
  public void step(StepReport r) {
    listener.step(r);
    status =
        new RunStatus(
            RunStatus.FORMAT,
            RunState.RUNNING,
            "",
            r.step(),
            r.totalSteps(),
            r.epoch() + 1,
            bestUpTo(r.step()),
            r.secondsLeft(),
            r.imagesPerSecond(),
            r.dataWait(),
            0,
            0);
    start();
  }

  @Override
  public void validating(int epoch, int image, int images) {
    listener.validating(epoch, image, images);
  }

  @Override
  public void epoch(EpochReport r) {
    listener.epoch(r);
    RunStatus before = status;
    status =
        new RunStatus(
            RunStatus.FORMAT,
            RunState.RUNNING,
            "",
            r.step(),
            r.totalSteps(),
            r.epoch() + 1,
            r.best() ? r.step() : bestUpTo(r.step()),
            before.step() == r.step() ? before.secondsLeft() : 0,
            r.imagesPerSecond(),
            r.dataWait(),
            0,
            0);
    reportDue = true;
    start();
    thread.execute(this::update);
  }

  /** Of an earlier process of this run, unless it had been further than this one is. */
  private long bestUpTo(long step) {
    return status.bestStep() <= step ? status.bestStep() : 0;
  }

  /** Not before the first step: until then the logs may hold what the run goes back before. */
  private void start() {
    if (regularly == null) {
      regularly = thread.scheduleWithFixedDelay(this::update, 0, EVENTS_SECONDS, TimeUnit.SECONDS);
    }
  }

  private void update() {
    if (!place.isThere()) {
      return; // training says so when it wants to write
    }
    guarded(Part.LOGS, this::read);
    guarded(Part.TENSORBOARD, events::update);
    if (reportDue || System.nanoTime() - reported > REPORT_NANOS) {
      guarded(Part.REPORT, this::report);
    }
  }

  private void read() throws IOException {
    history.advance();
    if (!timingCut) {
      history.forgetTimingAfter(status.step());
      timingCut = true;
    }
  }

  private void report() throws IOException {
    reportDue = false;
    reported = System.nanoTime();
    if (!Files.isDirectory(run)) {
      throw new java.nio.file.NoSuchFileException(run.toString());
    }
    RunStatus now = status.at(System.currentTimeMillis() / 1000, ProcessMemory.resident());
    now.write(run);
    RunReport.of(run, history, Optional.of(now)).write(run.resolve(RunReport.FILE));
    MetricsTable.write(history.metrics(), run.resolve(MetricsTable.FILE));
  }

  /** What goes wrong is said once for each part; each is tried again. */
  private void guarded(Part part, Writing writing) {
    try {
      writing.run();
    } catch (IOException | RuntimeException | OutOfMemoryError e) {
      if (warned.add(part)) {
        listener.message(
            String.format(
                Locale.ROOT,
                "warning: %s (%s); training goes on, and it is tried again",
                part.trouble,
                reason(e)));
      }
    }
  }

  private static String reason(Throwable e) {
    if (e instanceof ProblemException problem && problem.getCause() instanceof IOException cause) {
      return AtomicFiles.reason(cause);
    }
    return e instanceof IOException io ? AtomicFiles.reason(io) : e.toString();
  }

  private void end(RunState state, String why) {
    status = status.ended(state, why);
    if (regularly != null) {
      regularly.cancel(false);
    }
    thread.execute(
        () -> {
          reportDue = true;
          update();
          guarded(Part.TENSORBOARD, events::close);
        });
    thread.shutdown();
    try {
      if (!thread.awaitTermination(END_SECONDS, TimeUnit.SECONDS)) {
        listener.message("warning: the disk takes long; report.html may not show the run's end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
