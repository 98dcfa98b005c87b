package org.xrv.trainer.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.graph.Graph;
import org.xrv.trainer.config.RunConfig;
import org.xrv.trainer.log.ByteCounts;
import org.xrv.trainer.log.ProcessMemory;

/**
 * The resident memory of a training run as a function of its batch size: a line through what steps
 * of a few images were seen to need. Nothing is tried that might not fit: a process that the kernel
 * stops for want of memory cannot say so.
 *
 * @param fixed bytes that do not depend on the batch size
 * @param perImage bytes for each image of a batch, above 0
 */
record MemoryEstimate(double fixed, double perImage) {
  /** Of what there is this share stays free: an estimate is not exact, nor is a process alone. */
  static final double MARGIN = 0.1;

  private static final int[] SIZES = {2, 4, 8};

  /** A larger batch is tried while the line says that it needs at most this share. */
  private static final double CAREFUL = 0.5;

  private record Point(int images, double bytes) {}

  /**
   * Measures.
   *
   * @param parts into how many parts a step cuts its batch
   * @param limit bytes that this process may be resident with
   * @param stopCheck asked before each step
   * @return empty where the kernel does not tell the memory
   */
  static Optional<MemoryEstimate> measure(
      StepTrial trial, int parts, long limit, Runnable stopCheck) {
    if (ProcessMemory.resident().isEmpty()) {
      return Optional.empty();
    }
    List<Point> points = new ArrayList<>();
    points.add(new Point(0, ProcessMemory.resident().getAsLong()));
    for (int size : SIZES) {
      int images = size * parts;
      if (points.size() > 1 && line(points).bytes(images) > CAREFUL * limit) {
        break;
      }
      ProcessMemory.forgetPeak();
      for (int i = 0; i < 2; i++) {
        stopCheck.run();
        trial.step(images);
      }
      points.add(new Point(images, ProcessMemory.peak().orElseThrow()));
    }
    return Optional.of(line(points));
  }

  /** Through the last two, which have the least part in what a first step needs once. */
  private static MemoryEstimate line(List<Point> points) {
    Point a = points.get(points.size() - 2);
    Point b = points.get(points.size() - 1);
    double slope = Math.max(1, (b.bytes - a.bytes) / (b.images - a.images));
    return new MemoryEstimate(b.bytes - slope * b.images, slope);
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
