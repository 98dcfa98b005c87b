package org.xrv.trainer.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.xrv.core.dataset.catalog.Datasets;
import org.xrv.core.dataset.folder.FolderDataset;
import org.xrv.core.dataset.manifest.DataManifest;
import org.xrv.core.dataset.manifest.DataManifests;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Lists the data sets that the program knows. */
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    description = "Lists the data sets: name, how much a complete copy holds, licence, homepage.")
final class DataListCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  private record Row(
      String name, String title, String images, String patients, String licence, String home) {}

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    List<Row> rows = Datasets.names().stream().map(DataListCommand::row).toList();
    String form =
        "%-"
            + rows.stream().mapToInt(r -> r.name().length()).max().orElse(4)
            + "s  %-"
            + rows.stream().mapToInt(r -> r.title().length()).max().orElse(4)
            + "s  %9s  %8s  %s%n";
    out.printf(Locale.ROOT, form, "NAME", "TITLE", "IMAGES", "PATIENTS", "LICENCE");
    for (Row row : rows) {
      out.printf(
          Locale.ROOT,
          form,
          row.name(),
          row.title(),
          row.images(),
          row.patients(),
          row.licence() + (row.home().isEmpty() ? "" : " <" + row.home() + ">"));
    }
    out.flush();
    return 0;
  }

  private static Row row(String name) {
    if (name.equals(Datasets.PHANTOM)) {
      return new Row(
          name, "procedural radiographs", "any", "any", "built in; not medical data", "");
    }
    if (name.equals(FolderDataset.NAME)) {
      return new Row(name, "any directory of images", "any", "unknown", "that of the images", "");
    }
    DataManifest manifest = DataManifests.builtIn(name).content();
    return new Row(
        name,
        manifest.title(),
        count(manifest.expected().images()),
        count(manifest.expected().patients()),
        manifest.licence(),
        manifest.homepage());
  }

  /** 0 is "not stated". */
  private static String count(int count) {
    return count == 0 ? "?" : String.format(Locale.ROOT, "%,d", count);
  }
}
