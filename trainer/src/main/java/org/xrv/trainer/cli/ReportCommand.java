package org.xrv.trainer.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.xrv.trainer.run.RunReports;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes the page and the table of a run again. */
@Command(
    name = "report",
    mixinStandardHelpOptions = true,
    description =
        "Makes RUN/report.html and RUN/metrics.csv again from what a run has logged, and prints where"
            + " the page is. Both are written while a run trains, too.")
final class ReportCommand implements Callable<Integer> {
  @Parameters(paramLabel = "RUN", description = "The run's directory.")
  private Path run;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description =
          "Write the page alone to this file, with the pictures in it (of more than 24, some), to be"
              + " handed on.")
  private Path out;

  @Option(
      names = "--csv",
      description = "Print the numbers as CSV on the standard output and write nothing.")
  private boolean csv;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    RunReports reports = RunReports.of(run);
    var printer = spec.commandLine().getOut();
    if (csv) {
      printer.print(reports.csv());
      printer.flush();
    } else {
      printer.println(out == null ? reports.write() : reports.writeAlone(out));
    }
    return 0;
  }
}
