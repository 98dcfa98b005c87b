package org.xrv.trainer.run;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.xrv.converter.onnx.OnnxWriter;
import org.xrv.converter.verify.OnnxRuntimeParity;
import org.xrv.converter.verify.Parity;
import org.xrv.converter.verify.ParityInputs;
import org.xrv.converter.verify.ParityReport;
import org.xrv.converter.verify.ParityRuntime;
import org.xrv.core.config.ConfigTree;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.graph.Graph;
import org.xrv.core.io.AtomicFiles;
import org.xrv.core.modelpackage.ModelCard;
import org.xrv.core.modelpackage.ModelDescription;
import org.xrv.core.modelpackage.ModelPackage;
import org.xrv.core.tensor.FloatTensor;
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
 * DJL and ONNX Runtime before anything gets its name.
 */
public final class ModelExport {
  /** Where a run's own export goes. */
  public static final String DIRECTORY = "export";

  private ModelExport() {}

  /** A graph that becomes one file of a package. */
  private record Part(String role, Graph graph, List<List<FloatTensor>> batches) {
    String file() {
      return role + ".onnx";
    }
  }

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
    List<Part> parts;
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
      parts =
          List.of(
              new Part(
                  ModelDescription.MODEL,
                  settings.model().architecture().graph(),
                  ParityInputs.images(settings.resolution())));
    } else {
      if (calibrate.isPresent()) {
        throw new ProblemException(
            ProblemKind.USAGE, run + " is a run of an autoencoder, which has nothing to calibrate");
      }
      TrainConfig settings = config.as(TrainConfig.class);
      description = Descriptions.of(settings, metrics);
      Graph encoder = settings.model().architecture().encoder();
      List<List<FloatTensor>> images = ParityInputs.images(settings.resolution());
      parts =
          List.of(
              new Part(ModelDescription.ENCODER, encoder, images),
              new Part(
                  ModelDescription.DECODER,
                  settings.model().architecture().decoder(),
                  codes(encoder, weights, images)));
    }
    write(run, out, description.named(name, version), parts, weights);
    return ModelPackage.read(out);
  }

  private static List<List<FloatTensor>> codes(
      Graph encoder, NamedTensors weights, List<List<FloatTensor>> images) {
    try (ParityRuntime.Session session = new OnnxRuntimeParity().open(encoder, weights)) {
      return images.stream().map(session::run).toList();
    }
  }

  private static void write(
      Path run, Path out, ModelDescription description, List<Part> parts, NamedTensors weights) {
    ParityRuntime reference =
        Parity.another().orElseThrow(() -> new IllegalStateException("no runtime to compare with"));
    Map<String, String> metadata = Descriptions.metadata(description);
    boolean again = Files.exists(out.resolve(ModelPackage.DESCRIPTION));
    Path earlier =
        out.resolveSibling(
            AtomicFiles.TEMPORARY + "replaced-" + out.toAbsolutePath().getFileName());
    AtomicFiles.writeDirectory(
        out,
        directory -> {
          List<ParityReport.Comparison> comparisons = new ArrayList<>();
          List<Path> files = new ArrayList<>();
          for (Part part : parts) {
            Path file = directory.resolve(part.file());
            files.add(file);
            OnnxWriter.write(part.graph().withMetadata(metadata), weights, file);
            comparisons.addAll(
                Parity.withFile(reference, part.graph(), weights, file, part.batches()));
          }
          ParityReport parity =
              new ParityReport(
                      reference.name(),
                      new OnnxRuntimeParity().name(),
                      ParityReport.LIMIT,
                      comparisons)
                  .about(files);
          parity.require();
          ModelPackage.writeDescription(directory, description);
          text(directory, ModelPackage.PARITY, parity.toJson());
          text(directory, ModelPackage.CARD, ModelCard.of(description));
          text(
              directory,
              ModelPackage.PROVENANCE,
              Files.readString(run.resolve(Provenance.FILE), StandardCharsets.UTF_8));
          if (again) { // not before: the disk may be full
            AtomicFiles.deleteTree(earlier);
            Files.move(out, earlier, StandardCopyOption.ATOMIC_MOVE);
          }
        });
    AtomicFiles.deleteTree(earlier);
  }

  private static void text(Path directory, String name, String text) throws IOException {
    Files.writeString(directory.resolve(name), text, StandardCharsets.UTF_8);
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
