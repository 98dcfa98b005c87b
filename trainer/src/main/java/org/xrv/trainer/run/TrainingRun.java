package org.xrv.trainer.run;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.xrv.core.config.ConfigTree;
import org.xrv.core.dataset.Sample;
import org.xrv.trainer.checkpoint.Checkpoint;
import org.xrv.trainer.checkpoint.CheckpointStore;
import org.xrv.trainer.checkpoint.TrainingState;
import org.xrv.trainer.config.ClassifierConfig;
import org.xrv.trainer.config.RunConfig;
import org.xrv.trainer.config.TaskWeights;
import org.xrv.trainer.config.TrainConfig;
import org.xrv.trainer.data.MeanImage;
import org.xrv.trainer.engine.Engine;
import org.xrv.trainer.engine.TrainingSession;
import org.xrv.trainer.log.MetricsLog;
import org.xrv.trainer.loop.LoopSettings;
import org.xrv.trainer.loop.StopSignal;
import org.xrv.trainer.loop.TrainingListener;
import org.xrv.trainer.loop.TrainingLoop;
import org.xrv.trainer.task.AutoencoderTask;
import org.xrv.trainer.task.ClassifierTask;
import org.xrv.trainer.task.Task;

/** From settings to a trained network in a run directory. */
public final class TrainingRun {
  private final Engine engine;
  private final TrainingListener listener;
  private final StopSignal stop;

  public TrainingRun(Engine engine, TrainingListener listener, StopSignal stop) {
    this.engine = engine;
    this.listener = listener;
    this.stop = stop;
  }

  /**
   * What a run ended with.
   *
   * @param metrics of the best validation
   * @param validation the samples that the metrics are of
   */
  public record Outcome(
      Path directory, TrainingState state, Map<String, Double> metrics, List<Sample> validation) {
    public Outcome {
      metrics = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(metrics));
      validation = List.copyOf(validation);
    }
  }

  private interface TaskOf {
    Task of(RunData data);
  }

  /** Trains an autoencoder in a directory. */
  public Outcome autoencoder(TrainConfig settings, Path directory, Resume resume) {
    TrainConfig config =
        precision()
            .decide(
                settings,
                TrainConfig.class,
                directory,
                resume,
                settings.model().architecture().autoencoder(),
                settings.train().loss().loss());
    return run(
        config,
        directory,
        resume,
        data -> {
          listener.message("reading the training images, for the mean image's error");
          return new AutoencoderTask(
              config.model().architecture(),
              config.train().loss().loss(),
              config.train().optimizer(),
              config.model().initialization(config.train().headInit()),
              config.train().seed(),
              MeanImage.of(data.training(), () -> stop.check("training had not begun")));
        });
  }

  /** Trains a classifier in a directory. */
  public Outcome classifier(ClassifierConfig settings, Path directory, Resume resume) {
    ClassifierConfig config =
        precision()
            .decide(
                settings,
                ClassifierConfig.class,
                directory,
                resume,
                settings.model().architecture().graph(),
                settings.train().loss().loss());
    return run(
        config,
        directory,
        resume,
        data -> {
          TaskWeights weights = config.tasks().weights();
          ClassifierLabels labels =
              ClassifierLabels.of(data.dataset(), data.split(), config.model().targets());
          labels.tell(weights, listener::message);
          return new ClassifierTask(
              config.model().architecture(),
              config.model().targets(),
              weights.weights(labels.training()),
              config.train().optimizer(),
              config.train().seed());
        });
  }

  private PrecisionChoice precision() {
    return new PrecisionChoice(
        engine, () -> stop.check("training had not begun"), listener::message);
  }

  private Outcome run(RunConfig config, Path directory, Resume resume, TaskOf tasks) {
    try (RunDirectory run =
            RunDirectory.open(
                directory, ConfigTree.of("settings", config), resume, listener::message);
        RunData data = RunData.open(config, listener::message)) {
      Optional<Checkpoint> from = run.checkpoint(listener::message);
      from.ifPresent(
          c -> Provenance.requireSameSamples(run.path().resolve(Provenance.FILE), data.dataset()));
      from.ifPresent(
          c -> listener.message("going on from step " + c.state().step() + " in " + run.path()));
      listener.message(
          data.dataset().provenance()
              + ": "
              + data.split().training().size()
              + " images to train on, "
              + data.split().validation().size()
              + " to validate with, no patient in both");
      Task task = tasks.of(data);
      run.write(
          Provenance.FILE,
          Provenance.of(
              config, run.configDigest(), task.graph(), data.dataset(), data.split(), engine));
      CheckpointStore checkpoints =
          new CheckpointStore(
              run.path(), config.checkpoint().keep(), config.train().seed(), run.configDigest());
      TrainingState state;
      try (TrainingSession session =
          engine.train(
              task.graph(),
              task.firstWeights(),
              task.loss(),
              task.optimizer(),
              config.train().numerics())) {
        state =
            new TrainingLoop(
                    new LoopSettings(run.path(), config.train(), config.checkpoint()),
                    task,
                    session,
                    data.training(),
                    data.validation(),
                    checkpoints,
                    listener,
                    stop)
                .run(from);
      }
      return outcome(run, data, state);
    }
  }

  private static Outcome outcome(RunDirectory run, RunData data, TrainingState state) {
    TrainingState.Best best = state.best().orElseThrow();
    return new Outcome(
        run.path(),
        state,
        MetricsLog.epoch(run.path().resolve(MetricsLog.METRICS), best.step()),
        data.split().validation());
  }
}
