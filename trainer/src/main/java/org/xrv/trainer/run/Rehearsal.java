package org.xrv.trainer.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.xrv.core.config.ConfigTree;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.io.AtomicFiles;
import org.xrv.trainer.checkpoint.Checkpoint;
import org.xrv.trainer.checkpoint.CheckpointStore;
import org.xrv.trainer.config.ClassifierConfig;
import org.xrv.trainer.config.RunConfig;
import org.xrv.trainer.data.Batch;
import org.xrv.trainer.data.BatchStream;
import org.xrv.trainer.engine.Engine;
import org.xrv.trainer.log.ByteCounts;
import org.xrv.trainer.log.Durations;
import org.xrv.trainer.log.MachineMemory;
import org.xrv.trainer.log.ProcessMemory;
import org.xrv.trainer.loop.StopSignal;
import org.xrv.zoo.store.LocalZoo;

/**
 * Everything that a run does, once and without writing: to find what is missing before it begins.
 */
final class Rehearsal {
  private final Engine engine;
  private final StopSignal stop;
  private final LocalZoo zoo;
  private final Consumer<String> messages;
  private final List<String> lines = new ArrayList<>();

  Rehearsal(Engine engine, StopSignal stop, LocalZoo zoo, Consumer<String> messages) {
    this.engine = engine;
    this.stop = stop;
    this.zoo = zoo;
    this.messages = messages;
  }

  /**
   * Rehearses.
   *
   * @param config with everything decided
   * @return what to tell
   * @throws ProblemException as the run would end: USAGE, BAD_DATA, OUT_OF_MEMORY, DISK
   */
  List<String> of(RunConfig config, Path directory, Resume resume) {
    ConfigTree settings = ConfigTree.of("settings", config);
    RunDirectory.require(directory, settings, resume);
    requireWritable(directory);
    Optional<Checkpoint> from =
        resume == Resume.NEVER
            ? Optional.empty()
            : RunDirectory.checkpoint(directory, settings, lines::add);
    lines.add(
        from.map(c -> "the run in " + directory + " would go on from step " + c.state().step())
            .orElse("a new run would begin in " + directory));
    try (RunData data = RunData.open(config, messages)) {
      lines.add("data: " + data.summary(config));
      from.ifPresent(
          c -> Provenance.requireSameSamples(directory.resolve(Provenance.FILE), data.dataset()));
      if (config instanceof ClassifierConfig classifier) {
        ClassifierLabels.of(data.dataset(), data.split(), classifier.model().targets())
            .tell(classifier.tasks().weights(), lines::add);
      }
      if (from.isEmpty()) {
        InitialWeights.of(config, zoo, lines::add);
      }
      Batch batch = first(data);
      lines.add(described(batch));
      try (StepTrial trial = new StepTrial(engine, config)) {
        steps(config, data, batch, trial);
      }
    }
    lines.add(disk(directory, config));
    lines.add("dry run: nothing was written");
    return List.copyOf(lines);
  }

  private static void requireWritable(Path directory) {
    Path place = existing(directory);
    if (!Files.isDirectory(place) || !Files.isWritable(place)) {
      throw new ProblemException(
          ProblemKind.DISK,
          "cannot write "
              + directory
              + ": "
              + place
              + (Files.isDirectory(place) ? " may not be written" : " is no directory")
              + "; choose another --out");
    }
  }

  /** The directory, or the nearest above it that is there. */
  private static Path existing(Path directory) {
    Path at = directory.toAbsolutePath().normalize();
    while (!Files.exists(at) && at.getParent() != null) {
      at = at.getParent();
    }
    return at;
  }

  private static Batch first(RunData data) {
    try (BatchStream stream = data.training().epoch(0, 0)) {
      return stream.next().orElseThrow();
    }
  }

  private static String described(Batch batch) {
    float least = Float.MAX_VALUE;
    float most = -Float.MAX_VALUE;
    for (float pixel : batch.images().data()) {
      least = Math.min(least, pixel);
      most = Math.max(most, pixel);
    }
    return String.format(
        Locale.ROOT,
        "a batch: %s, pixels from %.0f to %.0f, %s ...",
        batch.images().shape(),
        least,
        most,
        batch.samples().get(0).id());
  }

  private void steps(RunConfig config, RunData data, Batch batch, StepTrial trial) {
    OptionalLong limit = MachineMemory.limit();
    int images = data.split().training().size();
    if (!engine.onGpu() && limit.isPresent()) {
      // Before a step that the kernel might end the process for.
      MemoryEstimate.measure(
              trial,
              config.train().accumulate(),
              trial.base(),
              limit.getAsLong(),
              batch.size(),
              this::stopIfAsked)
          .ifPresent(
              e ->
                  e.withRun(config, images)
                      .requireRoom(batch.size(), config.train().accumulate(), limit.getAsLong()));
    }
    ProcessMemory.forgetPeak();
    stopIfAsked();
    trial.step(batch.images());
    stopIfAsked();
    StepTrial.Times times = trial.step(batch.images());
    lines.add(
        String.format(
            Locale.ROOT,
            "network: %s, %s to %s, %,d parameters; %s",
            config.network().name(),
            batch.images().shape(),
            times.output(),
            config.network().trainableCount(),
            engine.description()));
    lines.add(memory(config, images, limit));
    lines.add(time(config, data, batch.size(), times));
  }

  private static String memory(RunConfig config, int images, OptionalLong limit) {
    OptionalLong peak = ProcessMemory.peak();
    if (peak.isEmpty()) {
      return "memory: this system does not tell";
    }
    double run = new MemoryEstimate(peak.getAsLong(), 1).withRun(config, images).fixed();
    return "memory: "
        + ByteCounts.text(peak.getAsLong())
        + " at most in two steps and predictions; with decoded images and checkpoints about "
        + ByteCounts.text(run)
        + (limit.isPresent() ? " of " + ByteCounts.text(limit.getAsLong()) : "");
  }

  private static String time(RunConfig config, RunData data, int batch, StepTrial.Times times) {
    int perEpoch = config.train().stepsPerEpoch(data.training().batchesPerEpoch());
    long steps = config.train().totalSteps(perEpoch);
    long epochs = (steps + perEpoch - 1) / perEpoch;
    int validation = data.split().validation().size();
    double seconds =
        steps * times.stepSeconds() + (double) epochs * validation / batch * times.predictSeconds();
    return String.format(
        Locale.ROOT,
        "time: %.3g s a step (%.1f img/s), %d steps in %d epochs of %d, each with %d images to"
            + " validate: about %s, if reading images keeps up",
        times.stepSeconds(),
        batch / times.stepSeconds(),
        steps,
        epochs,
        perEpoch,
        validation,
        Durations.text(seconds));
  }

  private static String disk(Path directory, RunConfig config) {
    double each = MemoryEstimate.checkpoint(config);
    double export = 4.0 * config.network().trainableCount();
    // Those that are there already take nothing more.
    int there = CheckpointStore.steps(directory).size();
    int more = Math.max(1, config.checkpoint().keep() + 2 - there);
    double needed = more * each + export;
    long free = free(existing(directory), directory);
    String line =
        String.format(
            Locale.ROOT,
            "disk: %s for %d checkpoints of %s (the newest %d, the best, one being written) and the"
                + " export; %s free for %s",
            ByteCounts.text(needed),
            more,
            ByteCounts.text(each),
            config.checkpoint().keep(),
            ByteCounts.text(free),
            directory);
    if (needed > free) {
      throw new ProblemException(
          ProblemKind.DISK, line + ": too little; free some space or choose another --out");
    }
    return line;
  }

  private static long free(Path place, Path directory) {
    try {
      return Files.getFileStore(place).getUsableSpace();
    } catch (IOException e) {
      throw AtomicFiles.disk(directory, e);
    }
  }

  private void stopIfAsked() {
    stop.check("nothing had been written");
  }
}
