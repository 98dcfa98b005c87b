package org.xrv.trainer.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.xrv.core.dataset.OnMissing;
import org.xrv.core.dataset.catalog.PackedCaches;
import org.xrv.core.dataset.catalog.Views;
import org.xrv.core.dataset.phantom.PhantomOptions;
import org.xrv.core.dataset.phantom.Shortcut;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.image.Resize;
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

  @Option(
      names = "--data-root",
      paramLabel = "DIR",
      description = "Where the data sets lie, unpacked or in their archives; or one archive.")
  private Path root;

  @Option(
      names = "--views",
      split = ",",
      paramLabel = "VIEW",
      description =
          "Projections to take, such as PA,AP, or all; PA unless given, but all for check.")
  private List<String> views;

  @Option(
      names = "--resize",
      paramLabel = "antialias|area",
      defaultValue = "antialias",
      description =
          "How images are resized: as torchxrayvision does, or averaged over areas. Default:"
              + " ${DEFAULT-VALUE}.")
  private Resize resize;

  @Option(
      names = "--missing",
      paramLabel = "fail|skip",
      description =
          "What to do about images that the tables list and that are not there: stop, or leave"
              + " them out. Default: fail (check: skip, as it reports them).")
  private OnMissing missing;

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

  @Option(
      names = "--phantom-shortcut",
      paramLabel = "DEVICE-with-FINDING=P",
      description = "A device that goes with a finding, such as chest-tube-with-Pneumothorax=0.9.")
  private String phantomShortcut;

  /** The views that training takes unless others are given; rows without an image stop it. */
  PackedCaches.Source source() {
    return source(Views.DEFAULT, OnMissing.FAIL);
  }

  /**
   * @param unlessGiven the views to take unless the user names some
   * @param orElse what to do about rows without an image unless the user says it
   */
  PackedCaches.Source source(List<String> unlessGiven, OnMissing orElse) {
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
        Set.copyOf(views == null ? unlessGiven : views),
        resize,
        missing == null ? orElse : missing,
        phantomSeed == null ? phantom.seed() : phantomSeed,
        count,
        phantomShortcut == null
            ? phantom.options()
            : PhantomOptions.with(Shortcut.parse(phantomShortcut)));
  }
}
