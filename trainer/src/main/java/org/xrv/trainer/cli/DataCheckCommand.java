package org.xrv.trainer.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.xrv.core.cli.Progress;
import org.xrv.core.dataset.Dataset;
import org.xrv.core.dataset.OnMissing;
import org.xrv.core.dataset.catalog.Datasets;
import org.xrv.core.dataset.catalog.PackedCaches;
import org.xrv.core.dataset.catalog.Views;
import org.xrv.core.dataset.check.ArchiveCheck;
import org.xrv.core.dataset.check.CheckReport;
import org.xrv.core.dataset.check.DatasetCheck;
import org.xrv.core.dataset.folder.FolderDataset;
import org.xrv.core.dataset.manifest.DataManifest;
import org.xrv.core.dataset.manifest.DataManifests;
import org.xrv.core.dataset.manifest.ExpectedCounts;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Looks whether a copy of a data set is whole. */
@Command(
    name = "check",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Looks whether a copy of a data set is whole: missing, unreadable, duplicate, blank and oddly"
          + " sized images, and the published counts.",
      "Ends with 0 when nothing is wrong and with 3 when something is, which includes a table that"
          + " cannot be read."
    })
final class DataCheckCommand implements Callable<Integer> {
  private static final int WRONG = 3;

  /** Of each kind, the table names so many; --json names all. */
  private static final int NAMED = 10;

  @ParentCommand private DataCommand parent;
  @Mixin private DataSource data;
  @Spec private CommandSpec spec;

  @Option(names = "--json", description = "Print the whole report as JSON instead of a table.")
  private boolean json;

  @Option(
      names = "--partial",
      description =
          "A part of the set is meant: missing images and other counts than the published ones are"
              + " shown and not wrong.")
  private boolean partial;

  @Option(names = "--no-pixels", description = "Look at the lists only, without decoding images.")
  private boolean noPixels;

  @Option(
      names = "--archives",
      description =
          "Compare the downloaded archives with the publisher's checksums, and look at nothing"
              + " else. With --partial, missing ones are not judged.")
  private boolean archives;

  @Override
  public Integer call() {
    Progress progress =
        Progress.ofThisProcess(spec.commandLine().getErr(), parent.parent().common().quiet());
    PackedCaches.Source source = data.source(List.of(Views.ALL), OnMissing.SKIP);
    if (source.names().size() > 1) {
      throw new ProblemException(
          ProblemKind.USAGE, "one data set is checked at a time; name one of them");
    }
    if (archives) {
      return archives(source, progress);
    }
    List<String> said = new ArrayList<>();
    Dataset dataset = source.openWithArchives(said::add);
    DatasetCheck check = new DatasetCheck(dataset, said);
    if (!noPixels) {
      int all = dataset.samples().size();
      check.pixels(
          Runtime.getRuntime().availableProcessors(),
          n -> progress.update(() -> String.format(Locale.ROOT, "looked at %,d of %,d", n, all)));
    }
    progress.clear();
    boolean someViews = !source.views().isEmpty();
    CheckReport report = check.report(expected(source.names().get(0)), partial || someViews);
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(json(report));
    } else {
      table(report, out);
    }
    out.flush();
    return report.sound() ? 0 : WRONG;
  }

  private int archives(PackedCaches.Source source, Progress progress) {
    String name = source.names().get(0);
    if (name.equals(Datasets.PHANTOM)
        || name.equals(FolderDataset.NAME)
        || source.root().isEmpty()) {
      throw new ProblemException(
          ProblemKind.USAGE,
          "--archives needs a data set that comes in archives, such as nih, and --data-root DIR");
    }
    DataManifest manifest = DataManifests.of(name).content();
    if (manifest.archives().isEmpty()) {
      throw new ProblemException(
          ProblemKind.USAGE, "the manifest of " + name + " names no archives");
    }
    List<ArchiveCheck.Result> results =
        ArchiveCheck.run(
            manifest,
            source.root().get(),
            bytes ->
                progress.update(
                    () -> String.format(Locale.ROOT, "compared %,.1f GB", bytes / 1e9)));
    progress.clear();
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(json(results));
    } else {
      results.forEach(
          r -> out.printf("%-8s %s%n", r.state().name().toLowerCase(Locale.ROOT), r.message()));
    }
    out.flush();
    return results.stream()
            .anyMatch(
                r ->
                    r.state() == ArchiveCheck.State.DAMAGED
                        || (!partial && r.state() == ArchiveCheck.State.MISSING))
        ? WRONG
        : 0;
  }

  private static Optional<ExpectedCounts> expected(String name) {
    return name.equals(Datasets.PHANTOM) || name.equals(FolderDataset.NAME)
        ? Optional.empty()
        : Optional.of(DataManifests.of(name).content().expected());
  }

  private static String json(Object report) {
    try {
      return JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .build()
          .writeValueAsString(report);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void table(CheckReport report, PrintWriter out) {
    out.printf(
        Locale.ROOT,
        "%s: %,d images of %,d patients, %,d looked at%n",
        report.dataset(),
        report.images(),
        report.patients(),
        report.read());
    if (!report.counts().isEmpty()) {
      out.printf(Locale.ROOT, "%n%-31s %10s %10s%n", "", "published", "here");
    }
    for (CheckReport.Count count : report.counts()) {
      out.printf(
          Locale.ROOT,
          "%-31s %,10d %,10d%s%n",
          count.what(),
          count.expected(),
          count.found(),
          count.differs()
              ? String.format(Locale.ROOT, " %+,10d", count.found() - count.expected())
              : "");
    }
    columns("view", report.views(), out);
    columns("finding present", report.positives(), out);
    columns("official split", report.splits(), out);
    columns("boxes around", report.boxes(), out);
    columns("size in pixels", report.sizes(), out);
    out.println();
    report.notes().forEach(note -> out.printf("%-10s %s%n", "note", note));
    if (report.sound()) {
      out.println("nothing is wrong");
      return;
    }
    Map<CheckReport.Kind, Integer> shown = new EnumMap<>(CheckReport.Kind.class);
    for (CheckReport.Issue issue : report.issues()) {
      if (shown.merge(issue.kind(), 1, Integer::sum) <= NAMED) {
        out.printf(
            Locale.ROOT,
            "%-10s %s%n",
            issue.kind().name().toLowerCase(Locale.ROOT),
            issue.message());
      }
    }
    shown.forEach(
        (kind, n) -> {
          if (n > NAMED) {
            out.printf(
                Locale.ROOT,
                "%-10s ... and %,d more; --json names all%n",
                kind.name().toLowerCase(Locale.ROOT),
                n - NAMED);
          }
        });
    out.printf(Locale.ROOT, "%,d things are wrong%n", report.issues().size());
  }

  private static void columns(String title, Map<String, Integer> counts, PrintWriter out) {
    if (counts.isEmpty()) {
      return;
    }
    out.printf(Locale.ROOT, "%n%-31s %10s%n", title, "images");
    counts.forEach(
        (name, n) ->
            out.printf(Locale.ROOT, "%-31s %,10d%n", name.isEmpty() ? "unknown" : name, n));
  }
}
