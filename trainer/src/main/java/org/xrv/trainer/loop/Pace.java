package org.xrv.trainer.loop;

/** How fast it goes. */
final class Pace {
  private long begin;
  private long firstStep;
  private long images;
  private long stepNanos;
  private long waitNanos;
  private long longestSaveNanos;

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
