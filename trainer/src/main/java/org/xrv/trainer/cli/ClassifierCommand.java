package org.xrv.trainer.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.xrv.core.architecture.DenseNet;
import org.xrv.core.architecture.DenseNetSize;
import org.xrv.core.config.ConfigTree;
import org.xrv.core.dataset.catalog.Datasets;
import org.xrv.trainer.config.ClassifierConfig;
import org.xrv.trainer.run.Presets;
import org.xrv.trainer.run.TrainingRun;
import org.xrv.zoo.name.ModelVersion;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Trains a classifier of findings, to have something to explain. */
@Command(
    name = "classifier",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Trains a DenseNet that tells findings, exports it and publishes it in the zoo.")
final class ClassifierCommand implements Callable<Integer> {
  @ParentCommand private XrvTrain parent;

  @Option(
      names = "--targets",
      split = ",",
      description = "The findings to tell, such as Cardiomegaly,Effusion.")
  private List<String> targets = List.of();

  @Option(
      names = "--arch",
      paramLabel = "NAME",
      description =
          "densenet121 (the default), densenet169, densenet201, densenet-small or densenet-tiny.")
  private String arch;

  @Option(
      names = "--task-weights",
      paramLabel = "RULE",
      description =
          "How much each target counts in the loss: none (all alike), balanced (rare ones as much"
              + " as common ones), torchxrayvision, or numbers such as 1,1,3.")
  private String taskWeights;

  @Option(
      names = "--calibrate",
      paramLabel = "none|temperature|platt",
      description = "What is folded into the exported outputs, fitted to the validation images.")
  private String calibrate;

  @Option(
      names = "--preset",
      description =
          "classifier (DenseNet-121, the default), phantom-classifier (three findings of the"
              + " phantom, small) or quickstart-classifier (one, smaller).")
  private String preset = Presets.CLASSIFIER;

  @Mixin private RunOptions options;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Map<String, Object> more = new LinkedHashMap<>();
    more.put("model.targets", targets.isEmpty() ? null : targets);
    more.put("tasks.weights", taskWeights == null ? null : weights());
    more.put("tasks.calibrate", calibrate);
    if (arch != null) {
      DenseNet size = DenseNetSize.named(arch).network(1, 224);
      more.put("model.initialFeatures", size.initialFeatures());
      more.put("model.growth", size.growth());
      more.put("model.blocks", size.blocks());
      more.put("model.bottleneckFactor", size.bottleneckFactor());
    }
    ConfigTree tree =
        options.over(Presets.over(Presets.CLASSIFIER, preset, Presets.CLASSIFIERS), more);
    ClassifierConfig config = tree.as(ClassifierConfig.class);
    Optional<ModelVersion> publish = options.publish();
    try (Work work = Work.open(spec, parent.common(), config.train())) {
      publish.ifPresent(model -> work.warnIfTaken(options.zoo(), model));
      Path directory =
          Path.of(
              config.out().isEmpty()
                  ? String.format(
                      Locale.ROOT,
                      "runs/densenet-%s-%s-%d",
                      String.join("-", config.model().targets()).toLowerCase(Locale.ROOT),
                      Datasets.label(config.data().names()),
                      config.resolution())
                  : config.out());
      if (options.dryRun()) {
        options.training(work).rehearse(config, directory, options.resume()).forEach(work::print);
        return 0;
      }
      TrainingRun.Outcome outcome =
          options.training(work).classifier(config, directory, options.resume());
      work.deliver(outcome, publish, options.zoo());
      work.result(directory);
    }
    return 0;
  }

  /** A word as it is; numbers as a list. */
  private Object weights() {
    if (!taskWeights.matches("[-+.,0-9eE ]+")) {
      return taskWeights;
    }
    try {
      return Stream.of(taskWeights.split(",", -1)).map(Double::valueOf).toList();
    } catch (NumberFormatException e) {
      return taskWeights; // refused with what is expected
    }
  }
}
