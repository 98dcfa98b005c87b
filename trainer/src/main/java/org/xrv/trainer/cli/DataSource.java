package org.xrv.trainer.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.xrv.core.dataset.catalog.PackedCaches;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.trainer.config.DataSettings;
import org.xrv.trainer.run.Presets;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which data sets a data command is about. */
final class DataSource {
  @Parameters(
      arity = "1",
      split = ",",
      paramLabel = "NAMES",
      description = "Data sets, such as nih or nih,phantom; data list names them all.")
  private List<String> names;

  @Option(names = "--data-root", paramLabel = "DIR", description = "Where the data sets lie.")
  private Path root;

  @Option(
      names = "--views",
      split = ",",
      paramLabel = "VIEW",
      description = "Projections to take, such as PA; all unless given.")
  private List<String> views = List.of();

  @Option(
      names = "--phantom-count",
      paramLabel = "N",
      description = "How many patients the phantom has; as configs/base.yaml says unless given.")
  private Integer phantomCount;

  @Option(
      names = "--phantom-seed",
      paramLabel = "N",
      description = "That they are drawn from; as configs/base.yaml says unless given.")
  private Long phantomSeed;

  PackedCaches.Source source() {
    DataSettings.PhantomSettings phantom =
        Presets.read(Presets.BASE).as(org.xrv.trainer.config.TrainConfig.class).data().phantom();
    int count = phantomCount == null ? phantom.count() : phantomCount;
    if (count < 1 || count > 1_000_000) {
      throw new ProblemException(
          ProblemKind.USAGE, "--phantom-count " + count + "; expected 1 to 1000000");
    }
    return new PackedCaches.Source(
        names,
        Optional.ofNullable(root),
        Set.copyOf(views),
        phantomSeed == null ? phantom.seed() : phantomSeed,
        count);
  }
}
