package org.xrv.trainer.cli;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.xrv.core.modelpackage.ModelPackage;
import org.xrv.trainer.config.CalibrationName;
import org.xrv.trainer.run.ModelExport;
import org.xrv.zoo.name.ModelVersion;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Exports the best checkpoint of a run, finished or not. */
@Command(
    name = "export",
    mixinStandardHelpOptions = true,
    description =
        "Exports the best checkpoint of a run, finished or not, as a model package with ONNX files.")
final class ExportCommand implements Callable<Integer> {
  @Parameters(paramLabel = "RUN", description = "The run's directory.")
  private Path run;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Where the package goes; RUN/export unless given.")
  private Path out;

  @Option(
      names = "--as",
      paramLabel = "NAME:VERSION",
      description = "The name that the package states, if it is to be published.")
  private String name;

  @Option(
      names = "--calibrate",
      paramLabel = "none|temperature|platt",
      description = "Of a classifier, what is folded into its outputs, if not as the run says.")
  private CalibrationName calibrate;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    ModelVersion model = name == null ? null : ModelVersion.parse(name);
    ModelPackage exported =
        ModelExport.of(
            run,
            out == null ? run.resolve(ModelExport.DIRECTORY) : out,
            model == null ? "" : model.name().toString(),
            model == null ? "" : model.version().toString(),
            Optional.ofNullable(calibrate));
    spec.commandLine().getOut().println(exported.directory());
    return 0;
  }
}
