package org.xrv.trainer.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
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
      names = "--preset",
      description = "classifier (DenseNet-121, the default) or quickstart-classifier (small).")
  private String preset = Presets.CLASSIFIER;

  @Mixin private RunOptions options;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Map<String, Object> more = new LinkedHashMap<>();
    more.put("model.targets", targets.isEmpty() ? null : targets);
    ConfigTree tree =
        options.over(Presets.over(Presets.CLASSIFIER, preset, Presets.CLASSIFIERS), more);
    ClassifierConfig config = tree.as(ClassifierConfig.class);
    Optional<ModelVersion> publish = options.publish();
    try (Work work = Work.open(spec, parent.common())) {
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
      TrainingRun.Outcome outcome =
          work.training(options.zoo()).classifier(config, directory, options.resume());
      work.deliver(outcome, publish, options.zoo());
      work.result(directory);
    }
    return 0;
  }
}
