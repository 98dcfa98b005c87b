package org.xrv.trainer.run;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.xrv.core.config.ConfigTree;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.trainer.checkpoint.CheckpointStore;
import org.xrv.trainer.config.RunConfig;
import org.xrv.trainer.engine.Engine;
import org.xrv.trainer.log.ByteCounts;
import org.xrv.trainer.log.MachineMemory;
import org.xrv.trainer.loop.MemoryShortage;

/**
 * What {@code --batch auto} means: the largest batch of 1, 2, 3, 4, 6, 8, 12 ... images that memory
 * holds. On the CPU by a line through the memory of small batches, on a GPU by trying. A run that
 * exists keeps its batch size, which stands in its config.yaml.
 */
final class BatchChoice {
  /**
   * An epoch of fewer steps teaches little: the batch is no larger than this share of the images.
   */
  private static final int STEPS_PER_EPOCH = 10;

  private static final int LARGEST = 4096;
  private final Engine engine;
  private final Runnable stopCheck;
  private final Consumer<String> messages;

  BatchChoice(Engine engine, Runnable stopCheck, Consumer<String> messages) {
    this.engine = engine;
    this.stopCheck = stopCheck;
    this.messages = messages;
  }

  /** The settings with the batch size decided. */
  <C extends RunConfig> C decide(C config, Class<C> type, Path run, Resume resume) {
    Optional<Integer> earlier = resume == Resume.NEVER ? Optional.empty() : earlier(run);
    int chosen = earlier.orElseGet(() -> largest(config));
    return ConfigTree.of("settings", config).put("train.batch", chosen).as(type);
  }

  private static Optional<Integer> earlier(Path run) {
    Path file = run.resolve(RunDirectory.CONFIG);
    if (!Files.isRegularFile(file) || !CheckpointStore.any(run)) {
      return Optional.empty();
    }
    JsonNode batch = ConfigTree.read(file).root().path("train").path("batch");
    return Optional.of(batch.asInt()).filter(b -> b > 0);
  }

  private int largest(RunConfig config) {
    if (config.guard().overfitBatch()) {
      throw new ProblemException(
          ProblemKind.USAGE,
          "--batch auto with --overfit-batch: which images to learn by heart is yours to say; give"
              + " --batch a number, such as 8");
    }
    int images = trainingImages(config);
    int most = Math.min(LARGEST, Math.max(2, images / STEPS_PER_EPOCH));
    messages.accept("batch auto: looking at the memory of a few steps");
    return engine.onGpu() ? tried(config, most) : estimated(config, images, most);
  }

  private static int trainingImages(RunConfig config) {
    try (RunData data = RunData.open(config, warning -> {})) {
      return data.split().training().size();
    }
  }

  private int estimated(RunConfig config, int images, int most) {
    OptionalLong limit = MachineMemory.limit();
    int parts = parts(config);
    Optional<MemoryEstimate> steps = Optional.empty();
    if (limit.isPresent()) {
      try (StepTrial trial = new StepTrial(engine, config)) {
        steps =
            MemoryEstimate.measure(trial, parts, trial.base(), limit.getAsLong(), most, stopCheck);
      }
    }
    if (steps.isEmpty()) {
      messages.accept(
          "batch auto: this system does not tell its memory; taking "
              + config.train().batch()
              + ", as the settings have it");
      return config.train().batch();
    }
    MemoryEstimate estimate = steps.get().withRun(config, images);
    int fits = MemoryEstimate.round(estimate.fits(limit.getAsLong()), parts);
    if (fits == 0) {
      throw new ProblemException(
          ProblemKind.OUT_OF_MEMORY,
          String.format(
              Locale.ROOT,
              "not even %d images a step fit: about %s are needed and %s are there; try a smaller"
                  + " --width or --resolution, or a smaller data.cacheMiB",
              parts,
              ByteCounts.text(estimate.bytes(parts)),
              ByteCounts.text(limit.getAsLong())));
    }
    int chosen = Math.max(parts, MemoryEstimate.round(Math.min(fits, most), parts));
    messages.accept(
        String.format(
            Locale.ROOT,
            "batch auto: %d, about %s of the %s there are (%s and %s an image)%s",
            chosen,
            ByteCounts.text(estimate.bytes(chosen)),
            ByteCounts.text(limit.getAsLong()),
            ByteCounts.text(estimate.fixed()),
            ByteCounts.text(estimate.perImage()),
            chosen < fits ? reason(images) : ""));
    return chosen;
  }

  private static String reason(int images) {
    return "; there is memory for more, but an epoch of "
        + images
        + " training images should have "
        + STEPS_PER_EPOCH
        + " steps";
  }

  /** Tries larger and larger batches, with some to spare, until one does not fit. */
  private int tried(RunConfig config, int most) {
    int parts = parts(config);
    int best = 0;
    boolean full = false;
    for (int batch = parts; !full && batch <= Math.max(most, parts); batch = next(batch, parts)) {
      stopCheck.run();
      full = !fits(config, spared(batch, parts));
      best = full ? best : batch;
    }
    if (best == 0) {
      throw new ProblemException(
          ProblemKind.OUT_OF_MEMORY,
          "not even "
              + parts
              + " images a step fit into the GPU's memory; try a smaller --width or --resolution");
    }
    messages.accept(
        "batch auto: "
            + best
            + (full
                ? ", the largest that fits into the GPU's memory with a tenth to spare"
                : "; more would leave an epoch fewer than " + STEPS_PER_EPOCH + " steps"));
    return best;
  }

  private boolean fits(RunConfig config, int batch) {
    try (StepTrial trial = new StepTrial(engine, config)) {
      trial.step(batch);
      trial.step(batch);
      return true;
    } catch (RuntimeException | OutOfMemoryError e) {
      if (MemoryShortage.of(e, batch).isPresent()) {
        return false;
      }
      throw e;
    }
  }

  private static int spared(int batch, int parts) {
    int more = (int) Math.ceil(batch * (1 + MemoryEstimate.MARGIN));
    return (more + parts - 1) / parts * parts;
  }

  private static int next(int batch, int parts) {
    int images = batch / parts;
    return (images < 2
            ? images + 1
            : Integer.bitCount(images) == 1 ? images / 2 * 3 : images / 3 * 4)
        * parts;
  }

  private static int parts(RunConfig config) {
    return config.train().accumulate();
  }
}
