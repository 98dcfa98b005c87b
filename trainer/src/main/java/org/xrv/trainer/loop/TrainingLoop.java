package org.xrv.trainer.loop;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.tensor.FloatTensor;
import org.xrv.trainer.checkpoint.Checkpoint;
import org.xrv.trainer.checkpoint.CheckpointWriter;
import org.xrv.trainer.checkpoint.TrainingState;
import org.xrv.trainer.data.Batch;
import org.xrv.trainer.data.BatchStream;
import org.xrv.trainer.data.Loader;
import org.xrv.trainer.engine.StepResult;
import org.xrv.trainer.engine.TrainingSession;
import org.xrv.trainer.log.MetricsLog;
import org.xrv.trainer.log.Pictures;
import org.xrv.trainer.log.RunPlace;
import org.xrv.trainer.task.Task;

/**
 * Trains a task until the run's last step. Everything it writes into metrics.jsonl and into the
 * weights is a function of settings, data and engine: a run that was stopped, even killed, and
 * resumed ends bit for bit like one that was not.
 */
public final class TrainingLoop {
  /** Every so many steps a line about the step goes into metrics.jsonl. */
  private static final int LOG_EVERY = 25;

  private static final int EXAMPLES = 8;
  private final LoopSettings settings;
  private final Task task;
  private final TrainingSession session;
  private final Loader training;
  private final Loader validation;
  private final CheckpointWriter checkpoints;
  private final TrainingListener listener;
  private final StopSignal stop;
  private final int stepsPerEpoch;
  private final long totalSteps;
  private final Pace pace = new Pace();
  private final DivergenceGuard guard;
  private RunPlace place;
  private MetricsLog metrics;
  private MetricsLog timing;
  private TrainingState state = TrainingState.START;
  private long lastSave = System.nanoTime();
  private long savedStep = -1;

  public TrainingLoop(
      LoopSettings settings,
      Task task,
      TrainingSession session,
      Loader training,
      Loader validation,
      CheckpointWriter checkpoints,
      TrainingListener listener,
      StopSignal stop) {
    this.settings = settings;
    this.task = task;
    this.session = session;
    this.training = training;
    this.validation = validation;
    this.checkpoints = checkpoints;
    this.listener = listener;
    this.stop = stop;
    this.guard = new DivergenceGuard(settings);
    this.stepsPerEpoch = settings.train().stepsPerEpoch(training.batchesPerEpoch());
    this.totalSteps = settings.train().totalSteps(stepsPerEpoch);
  }

  /**
   * Trains to the end.
   *
   * @param from where to go on; empty to begin
   * @return the state after the last step
   * @throws ProblemException PREEMPTED when a stop was asked for (the state is saved), DIVERGED
   *     when a loss or a weight is not finite, OUT_OF_MEMORY, DISK, BAD_DATA
   */
  public TrainingState run(Optional<Checkpoint> from) {
    from.ifPresent(
        checkpoint -> {
          restore(checkpoint);
          state = checkpoint.state();
          savedStep = state.step();
        });
    try (MetricsLog metricsLog =
            MetricsLog.openAt(settings.run().resolve(MetricsLog.METRICS), state.metricsLength());
        MetricsLog timingLog = MetricsLog.append(settings.run().resolve(MetricsLog.TIMING))) {
      metrics = metricsLog;
      place = RunPlace.of(settings.run());
      guard.recall(MetricsLog.losses(settings.run().resolve(MetricsLog.METRICS)));
      timing = timingLog;
      pace.start(state.step());
      return epochs();
    }
  }

  private TrainingState epochs() {
    try {
      while (state.step() < totalSteps || state.stepInEpoch() > 0) {
        trainEpoch();
        validate();
      }
      checkpoints.finish();
      return state;
    } catch (ProblemException e) {
      checkpoints.settle();
      if (e.kind() == ProblemKind.DISK) {
        place.require(); // says better why nothing can be written
      }
      throw guard.explained(e, state);
    }
  }

  private void restore(Checkpoint checkpoint) {
    try {
      session.restore(checkpoint.model(), checkpoint.optimizer(), checkpoint.state().step());
    } catch (ProblemException e) {
      throw new ProblemException(
          ProblemKind.BAD_DATA,
          checkpoint.directory()
              + " is a checkpoint of another network: "
              + e.getMessage()
              + "; move it out of "
              + checkpoint.directory().getParent()
              + " to go on from the one before",
          e);
    }
  }

  private void trainEpoch() {
    try (BatchStream stream = training.epoch(state.epoch(), state.stepInEpoch())) {
      long waitedBefore = 0;
      while (state.stepInEpoch() < stepsPerEpoch && state.step() < totalSteps) {
        stopIfAsked();
        checkpoints.check();
        long start = System.nanoTime();
        Batch batch = stream.next().orElseThrow();
        step(batch);
        pace.stepped(batch.size(), System.nanoTime() - start, stream.waitedNanos() - waitedBefore);
        waitedBefore = stream.waitedNanos();
        if (state.step() % LOG_EVERY == 0) {
          timing.add(pace.lap(state.step(), state.epoch() + 1));
        }
        listener.step(report());
        if (due() && state.stepInEpoch() < stepsPerEpoch && state.step() < totalSteps) {
          save();
        }
      }
    }
  }

  private void step(Batch batch) {
    double rate = settings.train().learningRate(state.step(), totalSteps);
    FloatTensor target = task.target(batch);
    StepResult result;
    try {
      result = session.step(batch.images(), target, rate);
    } catch (RuntimeException | OutOfMemoryError e) {
      Optional<ProblemException> shortage = MemoryShortage.of(e, training.batchSize());
      if (shortage.isPresent()) {
        throw shortage.get();
      }
      throw e;
    }
    double loss = result.loss();
    long step = state.step() + 1;
    long elements = task.lossElements(target);
    guard.look(step, state.epoch(), loss, elements, rate, batch.samples());
    state =
        new TrainingState(
            step,
            state.epoch(),
            state.stepInEpoch() + 1,
            state.lossSum() + loss,
            state.lossElements() + elements,
            state.best(),
            state.metricsLength());
    if (step % LOG_EVERY == 0 && elements > 0) {
      place.require();
      Map<String, Object> line = new LinkedHashMap<>();
      line.put("kind", "step");
      line.put("step", step);
      line.put("epoch", state.epoch() + 1);
      line.put("lr", rate);
      line.put("loss", loss / elements);
      if (Double.isFinite(result.gradientNorm())) { // JSON has no other numbers
        line.put("gradientNorm", result.gradientNorm());
      }
      metrics.add(line);
    }
  }

  private void validate() {
    Task.Validation sums = task.validation();
    List<Batch> examples = new ArrayList<>();
    int seen = 0;
    long start = System.nanoTime();
    try (BatchStream stream = validation.inOrder()) {
      for (var next = stream.next(); next.isPresent(); next = stream.next()) {
        stopIfAsked();
        Batch batch = next.get();
        sums.add(batch, session.predict(batch.images()));
        if (seen < EXAMPLES) {
          examples.add(first(batch, EXAMPLES - seen));
        }
        seen += batch.size();
        listener.validating(state.epoch(), seen, validation.samples().size());
      }
    }
    if (seen == 0) {
      throw new ProblemException(
          ProblemKind.BAD_DATA,
          "none of the " + validation.samples().size() + " validation images can be read");
    }
    Map<String, Double> values = sums.metrics();
    values.forEach(
        (name, value) -> {
          if (!Double.isFinite(value)) {
            throw diverged("validation " + name + " after step " + state.step() + " is " + value);
          }
        });
    task.doubt(values)
        .ifPresent(
            doubt ->
                listener.message(
                    "warning: "
                        + doubt
                        + ", while the training loss is finite: BatchNorm's running statistics may lag"
                        + " behind, which a lower learning rate or more steps mend"));
    place.require();
    double trainingLoss = state.lossElements() == 0 ? 0 : state.lossSum() / state.lossElements();
    log(values, sums.details(), trainingLoss, seen, System.nanoTime() - start);
    double score = task.score(values, settings.checkpoint().best());
    boolean best = state.best().map(b -> score < b.score()).orElse(true);
    task.illustrate(
        picture(),
        joined(examples),
        images -> {
          FloatTensor predicted = session.predict(images);
          place.require(); // the picture is written next
          return predicted;
        });
    listener.epoch(
        new TrainingListener.EpochReport(
            state.epoch(),
            state.step(),
            totalSteps,
            trainingLoss,
            values,
            best,
            pace.imagesPerSecond(),
            pace.dataWait()));
    state =
        new TrainingState(
            state.step(),
            state.epoch() + 1,
            0,
            0,
            0,
            best
                ? Optional.of(new TrainingState.Best(state.step(), state.epoch(), score))
                : state.best(),
            state.metricsLength());
    save();
  }

  private void log(
      Map<String, Double> values,
      Map<String, Map<String, Double>> details,
      double trainingLoss,
      int images,
      long nanos) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("kind", "epoch");
    line.put("step", state.step());
    line.put("epoch", state.epoch() + 1);
    line.put("trainLoss", trainingLoss);
    line.putAll(values);
    line.put("validationImages", images);
    if (!details.isEmpty()) {
      line.put(MetricsLog.DETAILS, details);
    }
    metrics.add(line);
    Map<String, Object> times = new LinkedHashMap<>();
    times.put("kind", "epoch");
    times.put("step", state.step());
    times.put("epoch", state.epoch() + 1);
    times.put("time", System.currentTimeMillis() / 1000);
    times.put("imagesPerSecond", pace.imagesPerSecond());
    times.put("dataWait", pace.dataWait());
    times.put("validationSeconds", nanos / 1e9);
    times.put("longestSaveSeconds", pace.longestSave());
    timing.add(times);
  }

  private Path picture() {
    return Pictures.file(settings.run(), state.epoch() + 1);
  }

  private static Batch first(Batch batch, int count) {
    int n = Math.min(count, batch.size());
    int each = batch.images().data().length / batch.size();
    return new Batch(
        batch.samples().subList(0, n),
        new FloatTensor(
            batch.images().shape().withBatch(n),
            java.util.Arrays.copyOf(batch.images().data(), n * each)));
  }

  /** One batch of all examples, so that they come in one row. */
  private static List<Batch> joined(List<Batch> parts) {
    var samples = parts.stream().flatMap(b -> b.samples().stream()).toList();
    FloatTensor images = FloatTensor.zeros(parts.get(0).images().shape().withBatch(samples.size()));
    int at = 0;
    for (Batch part : parts) {
      System.arraycopy(part.images().data(), 0, images.data(), at, part.images().data().length);
      at += part.images().data().length;
    }
    return List.of(new Batch(samples, images));
  }

  private TrainingListener.StepReport report() {
    return new TrainingListener.StepReport(
        state.step(),
        totalSteps,
        state.epoch(),
        state.lossElements() == 0 ? 0 : state.lossSum() / state.lossElements(),
        settings.train().learningRate(state.step() - 1, totalSteps),
        pace.imagesPerSecond(),
        pace.secondsLeft(state.step(), totalSteps),
        pace.dataWait());
  }

  private boolean due() {
    int steps = settings.checkpoint().everySteps();
    double minutes = settings.checkpoint().everyMinutes();
    return (steps > 0 && state.step() % steps == 0)
        || (minutes > 0 && System.nanoTime() - lastSave > minutes * 60e9);
  }

  private void save() {
    place.require();
    state = state.withMetricsLength(metrics.sync());
    long start = System.nanoTime();
    checkpoints.save(state, session.snapshot());
    pace.saved(System.nanoTime() - start);
    lastSave = System.nanoTime();
    savedStep = state.step();
  }

  private void stopIfAsked() {
    if (stop.received().isPresent()) {
      if (savedStep != state.step()) {
        save();
      }
      checkpoints.finish();
      stop.check("step " + state.step() + " of " + totalSteps + " is saved in " + settings.run());
    }
  }

  private static ProblemException diverged(String what) {
    return new ProblemException(ProblemKind.DIVERGED, "training diverged: " + what);
  }
}
