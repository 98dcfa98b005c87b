package org.xrv.zoo.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.zoo.store.GarbageReport;
import org.xrv.zoo.store.GarbageReport.Outcome;
import org.xrv.zoo.store.LocalZoo;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(
    name = "gc",
    description = {
      "Delete what no version needs: blobs of removed versions and of uploads that nobody finished,",
      "directories of removed versions, what killed programs left. Others may use the zoo meanwhile."
    })
final class GcCommand implements Runnable {
  @ParentCommand private XrvZoo program;

  @Option(names = "--dry-run", description = "Tell what would be deleted, and delete nothing.")
  private boolean dryRun;

  @Option(
      names = "--older-than",
      paramLabel = "HOURS",
      defaultValue = "24",
      description =
          "Keep what was written or linked in the last HOURS hours (${DEFAULT-VALUE}), since"
              + " somebody may be about to publish it. 0 keeps only what a running program asked"
              + " for.")
  private double hours;

  @Override
  public void run() {
    if (!(hours >= 0 && hours <= 1e5)) {
      throw new ProblemException(
          ProblemKind.USAGE, "--older-than is a number of hours, 0 or more, not " + hours);
    }
    Duration grace = Duration.ofSeconds(Math.round(hours * 3600));
    LocalZoo zoo = program.zoo();
    GarbageReport report = zoo.collectGarbage(dryRun, grace);
    for (LocalZoo remote : zoo.remotes()) {
      String place = zoo.root().relativize(remote.root()).toString().replace('\\', '/');
      report = report.with(remote.collectGarbage(dryRun, grace), place);
    }
    program.result(json(report), text(report));
  }

  private ObjectNode json(GarbageReport report) {
    ObjectNode json =
        Json.object()
            .put("dryRun", dryRun)
            .put("freed", report.freed())
            .put("needed", report.reachable())
            .put("neededBytes", report.reachableBytes());
    ArrayNode items = json.putArray("items");
    for (GarbageReport.Item item : report.items()) {
      items
          .addObject()
          .put("path", item.path())
          .put("bytes", item.bytes())
          .put("outcome", item.outcome().name().toLowerCase(Locale.ROOT));
    }
    return json;
  }

  private String text(GarbageReport report) {
    List<String> lines = new ArrayList<>();
    for (GarbageReport.Item item : report.items()) {
      program.remark(
          String.format(Locale.ROOT, "%-12s %,15d  %s", word(item), item.bytes(), item.path()));
    }
    lines.add(
        String.format(
            Locale.ROOT,
            "%d files and directories %s; %,d bytes %s",
            report.count(Outcome.DELETED),
            dryRun ? "would be deleted" : "deleted",
            report.freed(),
            dryRun ? "would be free" : "are free now"));
    kept(lines, report, Outcome.YOUNG, "kept: younger than " + hours(hours));
    kept(lines, report, Outcome.IN_USE, "kept: a running program is about to publish them");
    kept(lines, report, Outcome.PUT_BACK, "put back: a version needs them since a moment ago");
    lines.add(
        String.format(
            Locale.ROOT,
            "%d blobs with %,d bytes are needed by versions",
            report.reachable(),
            report.reachableBytes()));
    return String.join(System.lineSeparator(), lines);
  }

  private static String hours(double hours) {
    return (hours == Math.rint(hours) ? Long.toString((long) hours) : Double.toString(hours))
        + " hours (--older-than)";
  }

  private static void kept(
      List<String> lines, GarbageReport report, Outcome outcome, String reason) {
    if (report.count(outcome) > 0) {
      lines.add(report.count(outcome) + " " + reason);
    }
  }

  private String word(GarbageReport.Item item) {
    return switch (item.outcome()) {
      case DELETED -> dryRun ? "would delete" : "deleted";
      case YOUNG -> "young";
      case IN_USE -> "in use";
      case PUT_BACK -> "put back";
    };
  }
}
