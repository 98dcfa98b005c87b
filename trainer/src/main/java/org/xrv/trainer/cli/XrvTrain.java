package org.xrv.trainer.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.xrv.core.architecture.ResNetAutoencoder;
import org.xrv.core.cli.CommonOptions;
import org.xrv.core.cli.ExitCodes;
import org.xrv.core.cli.Program;
import org.xrv.core.cli.ProgramRunner;
import org.xrv.core.cli.Version;
import org.xrv.core.config.ConfigTree;
import org.xrv.core.dataset.catalog.Datasets;
import org.xrv.core.error.ProblemKind;
import org.xrv.trainer.config.TrainConfig;
import org.xrv.trainer.run.Presets;
import org.xrv.trainer.run.TrainingRun;
import org.xrv.zoo.name.ModelVersion;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Trains an autoencoder: the command xrv-train itself. */
@Command(
    name = "xrv-train",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "Trains a ResNet autoencoder of chest X-rays, exports it as ONNX and publishes it in the"
          + " zoo.",
      "Without --data it trains on the built-in phantom, in minutes, to show the whole way."
    },
    subcommands = {
      ClassifierCommand.class,
      ExportCommand.class,
      ReportCommand.class,
      ReproduceCommand.class,
      DataCommand.class,
      BenchCommand.class
    })
public final class XrvTrain implements Program, Callable<Integer> {

  @Option(
      names = {"--bottleneck", "--latent"},
      paramLabel = "N|CxHxW",
      description = "How many values z has, such as 4608, or its shape, such as 512x3x3.")
  private String bottleneck;

  @Option(names = "--depth", description = "50, 101 or 151.")
  private Integer depth;

  @Option(names = "--width", description = "Factor on every inner channel count.")
  private Double width;

  @Option(
      names = "--loss",
      paramLabel = "elastic|mse|mae|huber",
      description = "What is minimised.")
  private String loss;

  @Option(
      names = "--preset",
      description =
          "Settings that come with the program: base, paper (the published recipe), short (little"
              + " data or time), quickstart (the phantom, minutes). Default: quickstart for the"
              + " phantom alone, base for other data and for --config.")
  private String preset;

  @Mixin private RunOptions options;
  @Mixin private CommonOptions common;
  @Spec private CommandSpec spec;

  /** Runs the program. */
  public static void main(String[] args) {
    ProgramRunner.main(new XrvTrain(), args);
  }

  @Override
  public CommonOptions common() {
    return common;
  }

  @Override
  public ExitCodes exitCodes() {
    return ExitCodes.common()
        .with(
            3,
            "data or model missing or bad",
            ProblemKind.BAD_DATA,
            ProblemKind.NOT_FOUND,
            ProblemKind.DIGEST_MISMATCH,
            ProblemKind.YANKED,
            ProblemKind.TERMS,
            ProblemKind.TRUST,
            ProblemKind.NETWORK,
            ProblemKind.AUTHENTICATION)
        .with(4, "training diverged (no number, or far above what it was)", ProblemKind.DIVERGED)
        .with(5, "out of memory", ProblemKind.OUT_OF_MEMORY)
        .with(6, "runtimes disagree about the trained network", ProblemKind.PARITY)
        .with(9, "the zoo has that version with another content", ProblemKind.VERSION_EXISTS)
        .with(ReproduceCommand.DIFFERENT, "reproduce: the second run is another one")
        .with(12, "disk full, or writing not permitted", ProblemKind.DISK)
        .with(75, "stopped, state saved: start again to go on", ProblemKind.PREEMPTED);
  }

  @Override
  public Integer call() {
    boolean phantomByDefault =
        options.data().isEmpty() && options.config().isEmpty() && preset == null;
    boolean quickstart = preset == null ? phantomAlone() : preset.equals(Presets.QUICKSTART);
    String chosen = preset != null ? preset : quickstart ? Presets.QUICKSTART : Presets.BASE;
    ConfigTree tree = options.over(Presets.over(Presets.BASE, chosen, Presets.AUTOENCODER), more());
    TrainConfig config = tree.as(TrainConfig.class);
    Optional<ModelVersion> publish = options.publish();
    try (Work work = Work.open(spec, common, config.train())) {
      if (phantomByDefault) {
        work.say("no --data given: training on the built-in phantom (not medical data)");
      }
      announce(work, config, chosen, options.batchName(config.train().batch()));
      Path directory = directory(config);
      publish.ifPresent(model -> work.warnIfTaken(options.zoo(), model));
      if (options.dryRun()) {
        options.training(work).rehearse(config, directory, options.resume()).forEach(work::print);
        return 0;
      }
      TrainingRun.Outcome outcome =
          options.training(work).autoencoder(config, directory, options.resume());
      work.deliver(outcome, publish, options.zoo());
      if (quickstart && publish.isPresent()) {
        new QuickStartTour(work, options.zoo(), config, directory)
            .explainWith(publish.get(), outcome);
      }
      work.result(directory);
    }
    return 0;
  }

  private boolean phantomAlone() {
    return options.config().isEmpty()
        && (options.data().isEmpty() || options.data().equals(java.util.List.of(Datasets.PHANTOM)));
  }

  private Map<String, Object> more() {
    Map<String, Object> more = new LinkedHashMap<>();
    more.put("model.bottleneck", bottleneck);
    more.put("model.depth", depth);
    more.put("model.width", width);
    more.put("train.loss", loss);
    return more;
  }

  private static Path directory(TrainConfig config) {
    ResNetAutoencoder network = config.model().architecture();
    return Path.of(
        config.out().isEmpty()
            ? String.format(
                Locale.ROOT,
                "runs/ae-resnet%d-%d-%s-%d",
                network.depth(),
                network.latent().bottleneck(),
                Datasets.label(config.data().names()),
                network.resolution())
            : config.out());
  }

  private static void announce(Work work, TrainConfig config, String preset, String batch) {
    ResNetAutoencoder network = config.model().architecture();
    work.say(
        String.format(
            Locale.ROOT,
            "network: depth %d, bottleneck %d (%s), width %s, %d x %d pixels, %,d parameters",
            network.depth(),
            network.latent().bottleneck(),
            network.latent(),
            network.width(),
            network.resolution(),
            network.resolution(),
            network.autoencoder().trainableCount()));
    work.say(
        String.format(
            Locale.ROOT,
            "recipe (preset %s): %s loss, batch %s, %s, learning rate %s (%s), head scale %s",
            preset,
            config.train().loss().name().toLowerCase(Locale.ROOT),
            batch,
            config.train().steps() > 0
                ? config.train().steps() + " steps"
                : config.train().epochs() + " epochs",
            config.train().lr(),
            config.train().schedule().name().toLowerCase(Locale.ROOT).replace('_', '-'),
            config.train().headScale()));
  }
}
