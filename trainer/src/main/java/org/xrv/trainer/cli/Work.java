package org.xrv.trainer.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.xrv.core.cli.CommonOptions;
import org.xrv.core.cli.Progress;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.modelpackage.ModelPackage;
import org.xrv.core.modelpackage.TargetDescription;
import org.xrv.trainer.config.TrainSettings;
import org.xrv.trainer.engine.DeviceList;
import org.xrv.trainer.engine.DjlEngine;
import org.xrv.trainer.engine.Engine;
import org.xrv.trainer.log.MetricsLog;
import org.xrv.trainer.loop.StopSignal;
import org.xrv.trainer.run.ModelExport;
import org.xrv.trainer.run.Reproduction;
import org.xrv.trainer.run.RunComparison;
import org.xrv.trainer.run.TrainingRun;
import org.xrv.zoo.name.ModelReference;
import org.xrv.zoo.name.ModelVersion;
import org.xrv.zoo.store.LocalZoo;
import org.xrv.zoo.store.Published;
import picocli.CommandLine.Model.CommandSpec;

/** What a training command works with: engine, signals, progress; closed at its end. */
final class Work implements AutoCloseable {
  private final PrintWriter out;
  private final Progress progress;
  private final StopSignal stop;
  private final Engine engine;

  private Work(PrintWriter out, Progress progress, StopSignal stop, Engine engine) {
    this.out = out;
    this.progress = progress;
    this.stop = stop;
    this.engine = engine;
  }

  static Work open(CommandSpec spec, CommonOptions common, TrainSettings train) {
    DeviceList devices = new DeviceList(train.devices());
    Progress progress = Progress.ofThisProcess(spec.commandLine().getErr(), common.quiet());
    StopSignal stop =
        StopSignal.install(
            name -> progress.line(name + ": finishing the step, then saving; a moment please"));
    try {
      return new Work(spec.commandLine().getOut(), progress, stop, DjlEngine.open(devices));
    } catch (RuntimeException e) {
      stop.close();
      throw e;
    }
  }

  void say(String line) {
    progress.line(line);
  }

  Progress progress() {
    return progress;
  }

  /** Training; its first weights may come from the zoo. */
  TrainingRun training(LocalZoo zoo) {
    return new TrainingRun(engine, new ConsoleListener(progress), stop, zoo);
  }

  /** Trains a run again and compares. */
  RunComparison reproduced(Reproduction reproduction, LocalZoo zoo, long steps, int epochs) {
    return reproduction.train(engine, new ConsoleListener(progress), stop, zoo, steps, epochs);
  }

  /** Prints a line on the standard output. */
  void print(String line) {
    progress.clear();
    out.println(line);
    out.flush();
  }

  /** What follows training: exports the run, publishes it if that was asked for, says how good. */
  void deliver(TrainingRun.Outcome outcome, Optional<ModelVersion> publish, LocalZoo zoo) {
    ModelPackage exported = export(outcome.directory(), publish);
    publish.ifPresent(model -> publish(exported, zoo, model));
    say(
        String.format(
            Locale.ROOT,
            "trained; exported is epoch %.0f, the best: %s",
            outcome.metrics().get("epoch"),
            ConsoleListener.metrics(MetricsLog.quality(outcome.metrics()))));
    exported.description().targetDescriptions().forEach(t -> say(line(t)));
  }

  private static String line(TargetDescription t) {
    TargetDescription.OperatingPoint point = t.operatingPoint();
    TargetDescription.Calibration calibration = t.calibration();
    return String.format(
            Locale.ROOT,
            "%s: %d of %d have it",
            t.name(),
            t.positives(),
            t.positives() + t.negatives())
        + (t.auc() == null ? "" : String.format(Locale.ROOT, ", AUC %.4f", t.auc()))
        + (point == null
            ? ""
            : String.format(
                Locale.ROOT,
                "; present from P = %.3f on: sensitivity %.3f, specificity %.3f",
                point.probability(),
                point.sensitivity(),
                point.specificity()))
        + (calibration == null
            ? ""
            : String.format(
                Locale.ROOT,
                "; calibration error %.3f, %s %.3f",
                calibration.errorBefore(),
                calibration.applied() ? "calibrated" : "would be",
                calibration.errorAfter()));
  }

  private ModelPackage export(Path run, Optional<ModelVersion> model) {
    say("exporting, and comparing DJL with ONNX Runtime");
    return ModelExport.of(
        run,
        run.resolve(ModelExport.DIRECTORY),
        model.map(m -> m.name().toString()).orElse(""),
        model.map(m -> m.version().toString()).orElse(""));
  }

  /** Says early what would fail late. */
  void warnIfTaken(LocalZoo zoo, ModelVersion model) {
    try {
      zoo.resolve(ModelReference.of(model));
      progress.warning(
          model
              + " is in the zoo already; publishing will be refused unless this run gives the same"
              + " bytes");
    } catch (ProblemException e) {
      if (e.kind() != ProblemKind.NOT_FOUND) {
        throw e;
      }
    }
  }

  private void publish(ModelPackage exported, LocalZoo zoo, ModelVersion model) {
    Published published = zoo.push(exported.directory(), model);
    say(
        (published.isNew() ? "published " : "already published: ")
            + model
            + " ("
            + published.digest()
            + ") in "
            + zoo.root());
  }

  /** Prints a path on the standard output. */
  void result(Path path) {
    print(path.toString());
  }

  @Override
  public void close() {
    progress.clear();
    engine.close();
    stop.close();
  }
}
