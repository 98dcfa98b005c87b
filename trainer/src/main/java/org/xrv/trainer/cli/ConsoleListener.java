package org.xrv.trainer.cli;

import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.xrv.core.cli.Progress;
import org.xrv.trainer.log.Durations;
import org.xrv.trainer.log.ProcessMemory;
import org.xrv.trainer.loop.TrainingListener;

/** Shows a run's progress on the terminal or in a log. */
final class ConsoleListener implements TrainingListener {
  private final Progress progress;

  ConsoleListener(Progress progress) {
    this.progress = progress;
  }

  @Override
  public void message(String line) {
    progress.line(line);
  }

  @Override
  public void step(StepReport r) {
    progress.update(
        () ->
            String.format(
                Locale.ROOT,
                "step %d of %d, epoch %d: loss %.4g, lr %.2g, %.1f img/s, %s left, data wait"
                    + " %.0f%%%s",
                r.step(),
                r.totalSteps(),
                r.epoch() + 1,
                r.loss(),
                r.learningRate(),
                r.imagesPerSecond(),
                Durations.text(r.secondsLeft()),
                100 * r.dataWait(),
                memory()));
  }

  @Override
  public void validating(int epoch, int image, int images) {
    progress.update(
        () -> "epoch " + (epoch + 1) + ": validating, image " + image + " of " + images);
  }

  @Override
  public void epoch(EpochReport r) {
    progress.line(
        String.format(
            Locale.ROOT,
            "epoch %d, step %d of %d: training loss %.4g; validation %s%s; %.1f img/s",
            r.epoch() + 1,
            r.step(),
            r.totalSteps(),
            r.trainingLoss(),
            metrics(r.metrics()),
            r.best() ? " (best)" : "",
            r.imagesPerSecond()));
  }

  static String metrics(Map<String, Double> metrics) {
    return metrics.entrySet().stream()
        .map(e -> e.getKey() + " " + String.format(Locale.ROOT, "%.5g", e.getValue()))
        .collect(Collectors.joining(", "));
  }

  private static String memory() {
    return ProcessMemory.resident().isEmpty()
        ? ""
        : String.format(Locale.ROOT, ", %.1f GB", ProcessMemory.resident().getAsLong() / 1e9);
  }
}
