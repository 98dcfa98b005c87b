package org.xrv.trainer.loop;

import java.util.LinkedHashMap;
import java.util.Map;
import org.xrv.trainer.log.ProcessMemory;

/** How fast it goes. */
final class Pace {
  private long begin;
  private long firstStep;
  private long images;
  private long stepNanos;
  private long waitNanos;
  private long longestSaveNanos;
  private long lapImages;
  private long lapStepNanos;
  private long lapWaitNanos;

  void start(long step) {
    begin = System.nanoTime();
    firstStep = step;
  }

  /** A step took so long, of which so much was waiting for images. */
  void stepped(int imagesInStep, long nanos, long waited) {
    images += imagesInStep;
    stepNanos += nanos;
    waitNanos += waited;
  }

  /** Training stood still so long for a checkpoint. */
  void saved(long nanos) {
    longestSaveNanos = Math.max(longestSaveNanos, nanos);
  }

  double longestSave() {
    return longestSaveNanos / 1e9;
  }

  /** The line of timing.jsonl about the steps since the last such line. */
  Map<String, Object> lap(long step, int epoch) {
    double nanos = Math.max(1, stepNanos - lapStepNanos);
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("kind", "step");
    line.put("step", step);
    line.put("epoch", epoch);
    line.put("time", System.currentTimeMillis() / 1000);
    line.put("imagesPerSecond", (images - lapImages) * 1e9 / nanos);
    line.put("dataWait", (waitNanos - lapWaitNanos) / nanos);
    ProcessMemory.resident().ifPresent(bytes -> line.put("residentBytes", bytes));
    lapImages = images;
    lapStepNanos = stepNanos;
    lapWaitNanos = waitNanos;
    return line;
  }

  double imagesPerSecond() {
    return stepNanos == 0 ? 0 : images * 1e9 / stepNanos;
  }

  double dataWait() {
    return stepNanos == 0 ? 0 : (double) waitNanos / stepNanos;
  }

  double secondsLeft(long step, long totalSteps) {
    double each = (System.nanoTime() - begin) / 1e9 / Math.max(1, step - firstStep);
    return each * (totalSteps - step);
  }
}
