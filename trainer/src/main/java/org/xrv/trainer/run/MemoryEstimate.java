package org.xrv.trainer.run;

import java.util.Optional;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.graph.Graph;
import org.xrv.trainer.config.RunConfig;
import org.xrv.trainer.log.ByteCounts;
import org.xrv.trainer.log.ProcessMemory;

/**
 * The resident memory of a training run as a function of its batch size: a line through what steps
 * of a few images were seen to touch. Touched, not resident: the allocator keeps what earlier steps
 * freed. Nothing is tried that might not fit: a process that the kernel stops for want of memory
 * cannot say so.
 *
 * @param fixed bytes that do not depend on the batch size
 * @param perImage bytes for each image of a batch, above 0
 */
record MemoryEstimate(double fixed, double perImage) {
  /** Of what there is this share stays free: an estimate is not exact, nor is a process alone. */
  static final double MARGIN = 0.1;

  /** What the Java heap may add to one of two steps. */
  private static final double NOISE = 1 << 26;

  /** A difference between two steps that says something about their images. */
  private static final double CLEAR = 4 * NOISE;

  private record Point(int images, double bytes) {}

  /**
   * Measures.
   *
   * @param parts into how many parts a step cuts its batch
   * @param base bytes that the process holds beside the steps
   * @param limit bytes that it may be resident with
   * @param enough batch size that is as large as will be asked for
   * @param stopCheck asked before each step
   * @return empty where the kernel does not tell the memory
   */
  static Optional<MemoryEstimate> measure(
      StepTrial trial, int parts, double base, long limit, int enough, Runnable stopCheck) {
    if (ProcessMemory.touched().isEmpty()) {
      return Optional.empty();
    }
    // Twice as many images need no more than twice the memory.
    Point less = new Point(0, 0);
    Point more = point(trial, 2 * parts, stopCheck);
    while (more.bytes - less.bytes < CLEAR || less.images == 0) {
      if (2 * (base + more.bytes) > limit || more.images >= enough) {
        break;
      }
      less = more;
      more = point(trial, 2 * less.images, stopCheck);
    }
    double slope = Math.max(NOISE, more.bytes - less.bytes) / (more.images - less.images);
    return Optional.of(new MemoryEstimate(base + more.bytes - slope * more.images, slope));
  }

  private static Point point(StepTrial trial, int images, Runnable stopCheck) {
    stopCheck.run();
    trial.step(images); // what is made once is not counted
    ProcessMemory.forgetTouched();
    stopCheck.run();
    trial.step(images);
    return new Point(images, ProcessMemory.touched().orElseThrow());
  }

  /** This and what a run holds beside its steps: decoded images, batches ahead, checkpoints. */
  MemoryEstimate withRun(RunConfig config, int trainingImages) {
    double image = 4.0 * config.resolution() * config.resolution();
    double cache =
        config.data().cache().isEmpty()
            ? Math.min((double) config.data().cacheMiB() * (1 << 20), image * trainingImages)
            : 0;
    double ahead = (2.0 * config.data().workers() + 3) * image;
    return new MemoryEstimate(fixed + cache + 2 * checkpoint(config), perImage + ahead);
  }

  /** Bytes of a checkpoint: weights, moments, and the moving average's other weights. */
  static double checkpoint(RunConfig config) {
    Graph graph = config.network();
    long all = graph.parameters().values().stream().mapToLong(p -> p.shape().elements()).sum();
    int copies = (config.train().amsgrad() ? 3 : 2) + (config.train().averageDecay() > 0 ? 1 : 0);
    return 4.0 * (all + (double) copies * graph.trainableCount());
  }

  double bytes(int batch) {
    return fixed + perImage * batch;
  }

  /** The largest batch that a limit leaves room for, the margin observed; 0 when none. */
  int fits(long limit) {
    double images = ((1 - MARGIN) * limit - fixed) / perImage;
    return (int) Math.max(0, Math.min(1 << 20, images));
  }

  /**
   * Asks whether a batch fits, without a margin.
   *
   * @throws ProblemException OUT_OF_MEMORY, with the batch size that fits
   */
  void requireRoom(int batch, int parts, long limit) {
    if (bytes(batch) <= limit) {
      return;
    }
    int fits = round(fits(limit), parts);
    throw new ProblemException(
        ProblemKind.OUT_OF_MEMORY,
        "batch size "
            + batch
            + " needs about "
            + ByteCounts.text(bytes(batch))
            + " of memory and "
            + ByteCounts.text(limit)
            + " are there; "
            + (fits > 0 ? "try --batch " + fits : "try a smaller --width or --resolution"));
  }

  /** The largest of 1, 2, 3, 4, 6, 8, 12, ... times a factor that is not above a number. */
  static int round(int most, int factor) {
    int best = 0;
    for (int power = 1; power * factor <= most; power *= 2) {
      best = power * factor;
      if (power > 1 && power / 2 * 3 * factor <= most) {
        best = power / 2 * 3 * factor;
      }
    }
    return best;
  }
}
