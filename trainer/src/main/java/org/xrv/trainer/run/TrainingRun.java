package org.xrv.trainer.run;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.xrv.core.config.ConfigTree;
import org.xrv.core.dataset.Sample;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.error.Suggestions;
import org.xrv.trainer.checkpoint.Checkpoint;
import org.xrv.trainer.checkpoint.CheckpointStore;
import org.xrv.trainer.checkpoint.CheckpointWriter;
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
import org.xrv.zoo.store.LocalZoo;

/** From settings to a trained network in a run directory. */
public final class TrainingRun {
  private final Engine engine;
  private final TrainingListener listener;
  private final StopSignal stop;
  private final LocalZoo zoo;

  private final boolean automaticBatch;

  /**
   * @param zoo where {@code train.init} finds models by name
   */
  public TrainingRun(Engine engine, TrainingListener listener, StopSignal stop, LocalZoo zoo) {
    this(engine, listener, stop, zoo, false);
  }

  private TrainingRun(
      Engine engine,
      TrainingListener listener,
      StopSignal stop,
      LocalZoo zoo,
      boolean automaticBatch) {
    this.engine = engine;
    this.listener = listener;
    this.stop = stop;
    this.zoo = zoo;
    this.automaticBatch = automaticBatch;
  }

  /** The same, with batches as large as memory holds instead of the settings' when told to. */
  public TrainingRun withAutomaticBatch(boolean automatic) {
    return new TrainingRun(engine, listener, stop, zoo, automatic);
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
    requireRanking(settings);
    TrainConfig config = decisions().of(settings, TrainConfig.class, directory, resume);
    return run(
        config,
        directory,
        resume,
        data -> {
          listener.message("reading the training images, for the mean image's error");
          return new AutoencoderTask(
              config.model().architecture(),
              config.train().minimised(),
              config.model().initialization(config.train().headInit()),
              config.train().seed(),
              MeanImage.of(data.training(), () -> stop.check("training had not begun")));
        });
  }

  /** Trains a classifier in a directory. */
  public Outcome classifier(ClassifierConfig settings, Path directory, Resume resume) {
    requireRanking(settings);
    ClassifierConfig config = decisions().of(settings, ClassifierConfig.class, directory, resume);
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
              config.train().seed());
        });
  }

  private Decisions decisions() {
    return new Decisions(
        engine, () -> stop.check("training had not begun"), listener::message, automaticBatch);
  }

  /**
   * What a run would need, without writing anything: data, shapes, memory, disk, time.
   *
   * @return lines to read
   * @throws ProblemException as a run would end, as far as that can be foreseen: DISK and
   *     OUT_OF_MEMORY when there is too little
   */
  public List<String> rehearse(TrainConfig settings, Path directory, Resume resume) {
    return rehearse(settings, TrainConfig.class, directory, resume);
  }

  /** As {@link #rehearse(TrainConfig, Path, Resume)}, of a classifier. */
  public List<String> rehearse(ClassifierConfig settings, Path directory, Resume resume) {
    return rehearse(settings, ClassifierConfig.class, directory, resume);
  }

  private <C extends RunConfig> List<String> rehearse(
      C settings, Class<C> type, Path directory, Resume resume) {
    requireRanking(settings);
    C config = decisions().of(settings, type, directory, resume);
    return new Rehearsal(engine, stop, zoo, listener::message).of(config, directory, resume);
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
      listener.message(data.summary(config));
      InitialWeights first =
          from.isPresent()
              ? InitialWeights.earlier(run.path())
              : InitialWeights.of(config, zoo, listener::message);
      Task task = tasks.of(data);
      run.write(
          Provenance.FILE,
          Provenance.of(
              run.path(),
              config,
              run.configDigest(),
              task.graph(),
              first.provenance(),
              data.dataset(),
              data.split(),
              engine));
      MemoryAdvice advice = MemoryAdvice.about(engine, config);
      try {
        TrainingState state = train(config, run, data, task, first, from);
        return outcome(run, data, state);
      } catch (ProblemException e) {
        throw advice.better(e);
      }
    }
  }

  private TrainingState train(
      RunConfig config,
      RunDirectory run,
      RunData data,
      Task task,
      InitialWeights first,
      Optional<Checkpoint> from) {
    CheckpointStore checkpoints =
        new CheckpointStore(
            run.path(), config.checkpoint().keep(), config.train().seed(), run.configDigest());
    try (TrainingSession session =
            engine.train(
                task.graph(),
                first.over(task.firstWeights()),
                config.train().recipe(task.loss()),
                config.train().numerics());
        CheckpointWriter writer = new CheckpointWriter(checkpoints)) {
      return RunWatch.during(
          run.path(),
          listener,
          watch ->
              new TrainingLoop(
                      new LoopSettings(
                          run.path(), config.train(), config.checkpoint(), config.guard()),
                      task,
                      session,
                      data.training(),
                      data.validation(),
                      writer,
                      watch,
                      stop)
                  .run(from));
    }
  }

  private static void requireRanking(RunConfig config) {
    String best = config.checkpoint().best();
    List<String> known =
        config instanceof ClassifierConfig ? ClassifierTask.RANKING : AutoencoderTask.RANKING;
    if (!known.contains(best)) {
      throw new ProblemException(
          ProblemKind.USAGE,
          "setting 'checkpoint.best' is "
              + best
              + Suggestions.didYouMean(best, known)
              + "; expected "
              + String.join(" or ", known));
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
