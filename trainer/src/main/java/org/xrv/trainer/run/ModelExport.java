package org.xrv.trainer.run;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.xrv.converter.export.PackageWriter;
import org.xrv.converter.export.PackagedNetwork;
import org.xrv.core.architecture.ResNetAutoencoder;
import org.xrv.core.config.ConfigTree;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.io.AtomicFiles;
import org.xrv.core.modelpackage.ModelDescription;
import org.xrv.core.modelpackage.ModelPackage;
import org.xrv.core.tensor.NamedTensors;
import org.xrv.trainer.checkpoint.Checkpoint;
import org.xrv.trainer.checkpoint.CheckpointStore;
import org.xrv.trainer.checkpoint.TrainingState;
import org.xrv.trainer.config.CalibrationName;
import org.xrv.trainer.config.ClassifierConfig;
import org.xrv.trainer.config.TrainConfig;
import org.xrv.trainer.log.MetricsLog;

/**
 * From a run to a model package: the weights of the best validation as ONNX files, compared between
 * DJL and ONNX Runtime before anything gets its name ({@link PackageWriter}).
 */
public final class ModelExport {
  /** Where a run's own export goes. */
  public static final String DIRECTORY = "export";

  private ModelExport() {}

  /**
   * Exports a run, replacing an earlier export in the same place.
   *
   * @param name in the zoo, or empty
   * @param version in the zoo, or empty
   * @throws ProblemException BAD_DATA when the run has no validated checkpoint, PARITY when the
   *     runtimes disagree, DISK
   */
  public static ModelPackage of(Path run, Path out, String name, String version) {
    return of(run, out, name, version, Optional.empty());
  }

  /**
   * Exports a run, replacing an earlier export in the same place.
   *
   * @param name in the zoo, or empty
   * @param version in the zoo, or empty
   * @param calibrate what a classifier's outputs are calibrated by, if not as its settings say
   * @throws ProblemException as above; USAGE when an autoencoder is to be calibrated
   */
  public static ModelPackage of(
      Path run, Path out, String name, String version, Optional<CalibrationName> calibrate) {
    ConfigTree config = config(run);
    Checkpoint best = best(run);
    Map<String, Double> metrics =
        MetricsLog.epoch(run.resolve(MetricsLog.METRICS), best.state().step());
    NamedTensors weights = best.model();
    ModelDescription description;
    List<PackagedNetwork> networks;
    if (isClassifier(config)) {
      ClassifierConfig given = config.as(ClassifierConfig.class);
      ClassifierConfig settings = calibrate.map(given::withCalibration).orElse(given);
      TargetReports targets =
          new TargetReports(
              settings.model().targets(),
              MetricsLog.details(run.resolve(MetricsLog.METRICS), best.state().step()),
              settings.tasks().calibrate());
      weights = targets.fold(weights);
      description = Descriptions.of(settings, metrics, targets.descriptions());
      networks =
          List.of(
              new PackagedNetwork(ModelDescription.MODEL, settings.model().architecture().graph()));
    } else {
      if (calibrate.isPresent()) {
        throw new ProblemException(
            ProblemKind.USAGE, run + " is a run of an autoencoder, which has nothing to calibrate");
      }
      TrainConfig settings = config.as(TrainConfig.class);
      description = Descriptions.of(settings, metrics);
      ResNetAutoencoder network = settings.model().architecture();
      networks =
          List.of(
              new PackagedNetwork(ModelDescription.ENCODER, network.encoder()),
              new PackagedNetwork(ModelDescription.DECODER, network.decoder()));
    }
    PackageWriter.write(out, description.named(name, version), networks, weights, provenance(run));
    return ModelPackage.read(out);
  }

  private static String provenance(Path run) {
    Path file = run.resolve(Provenance.FILE);
    try {
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new ProblemException(
          ProblemKind.BAD_DATA, file + ": cannot be read: " + AtomicFiles.reason(e), e);
    }
  }

  static ConfigTree config(Path run) {
    Path file = run.resolve(RunDirectory.CONFIG);
    if (!Files.isRegularFile(file)) {
      throw new ProblemException(
          ProblemKind.BAD_DATA, run + " is no run: it has no " + RunDirectory.CONFIG);
    }
    return ConfigTree.read(file);
  }

  static boolean isClassifier(ConfigTree config) {
    return config.root().path("model").has("targets");
  }

  /**
   * The checkpoint with the best validation.
   *
   * @throws ProblemException BAD_DATA when there is none
   */
  static Checkpoint best(Path run) {
    List<String> damage = new ArrayList<>();
    Checkpoint newest =
        CheckpointStore.newest(run, damage::add)
            .orElseThrow(
                () ->
                    new ProblemException(
                        ProblemKind.BAD_DATA,
                        run
                            + " has no sound checkpoint"
                            + (damage.isEmpty() ? "" : ": " + String.join("; ", damage))));
    TrainingState.Best best =
        newest
            .state()
            .best()
            .orElseThrow(
                () ->
                    new ProblemException(
                        ProblemKind.BAD_DATA,
                        run + " has no validated checkpoint yet; train at least one epoch"));
    return best.step() == newest.state().step()
        ? newest
        : CheckpointStore.read(
            run.resolve(CheckpointStore.DIRECTORY).resolve("step-" + best.step()));
  }
}
