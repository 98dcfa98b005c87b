package org.xrv.trainer.cli;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.xrv.core.cli.Progress;
import org.xrv.core.dataset.Dataset;
import org.xrv.core.image.Resize;
import org.xrv.trainer.sheet.ContactSheet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Draws a sheet of a data set's images. */
@Command(
    name = "show",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Draws a sheet of images as training sees them, with labels, and masks as outlines.")
final class DataShowCommand implements Callable<Integer> {
  @ParentCommand private DataCommand parent;
  @Mixin private DataSource data;
  @Spec private CommandSpec spec;

  @Option(names = "--out", required = true, paramLabel = "FILE", description = "The PNG to write.")
  private Path out;

  @Option(names = "--count", defaultValue = "12", description = "Default: ${DEFAULT-VALUE}.")
  private int count;

  @Option(
      names = "--target",
      paramLabel = "T",
      description = "Only images with this finding, such as Cardiomegaly, and only its masks.")
  private String target;

  @Option(
      names = "--resolution",
      defaultValue = "256",
      description = "Height and width of each picture. Default: ${DEFAULT-VALUE}.")
  private int resolution;

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "Another number shows other images. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Override
  public Integer call() {
    Resize.requireSide("--resolution", resolution);
    Progress progress =
        Progress.ofThisProcess(spec.commandLine().getErr(), parent.parent().common().quiet());
    Dataset dataset = data.source().open(progress::warning);
    new ContactSheet(dataset, resolution).write(out, count, Optional.ofNullable(target), seed);
    spec.commandLine().getOut().println(out);
    return 0;
  }
}
