package org.xrv.trainer.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.trainer.log.MetricsLog;
import org.xrv.trainer.log.RunHistory;
import org.xrv.trainer.log.RunState;
import org.xrv.trainer.log.RunStatus;
import org.xrv.trainer.report.MetricsTable;
import org.xrv.trainer.report.RunReport;

/** The report of a run that may go on, have ended, or have been killed. */
public final class RunReports {
  private final Path run;
  private final RunHistory history;
  private final RunReport report;

  private RunReports(Path run, RunHistory history, RunReport report) {
    this.run = run;
    this.history = history;
    this.report = report;
  }

  /**
   * Reads a run.
   *
   * @throws ProblemException NOT_FOUND when the directory holds none, BAD_DATA when its logs cannot
   *     be read
   */
  public static RunReports of(Path run) {
    if (!Files.isRegularFile(run.resolve(MetricsLog.METRICS))) {
      throw new ProblemException(
          ProblemKind.NOT_FOUND,
          run
              + (Files.isDirectory(run)
                  ? " has no " + MetricsLog.METRICS + ": no run, or one that did not begin"
                  : ": no such directory; name that of a run"));
    }
    RunHistory history = new RunHistory(run);
    try {
      history.advance();
    } catch (IOException e) {
      throw new ProblemException(ProblemKind.BAD_DATA, run + ": " + e.getMessage(), e);
    }
    return new RunReports(run, history, RunReport.of(run, history, status(run)));
  }

  /** A run that was killed still says that it runs. */
  private static Optional<RunStatus> status(Path run) {
    return RunStatus.read(run)
        .map(
            status ->
                status.state() == RunState.RUNNING && !RunDirectory.inUse(run)
                    ? status.ended(
                        RunState.STOPPED,
                        "no process trains here any more; the same command goes on")
                    : status);
  }

  /** Writes page and table into the run's directory and says where the page is. */
  public Path write() {
    MetricsTable.write(history.metrics(), run.resolve(MetricsTable.FILE));
    return write(report, run.resolve(RunReport.FILE));
  }

  /** Writes a page that needs no other file. */
  public Path writeAlone(Path file) {
    return write(report.embedded(), file);
  }

  private Path write(RunReport page, Path file) {
    try {
      page.write(file);
      return file;
    } catch (IOException e) {
      throw new ProblemException(ProblemKind.BAD_DATA, run + ": " + e.getMessage(), e);
    }
  }

  /** The run's numbers as CSV. */
  public String csv() {
    return MetricsTable.text(history.metrics());
  }
}
