package org.xrv.trainer.data;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.xrv.core.dataset.Dataset;
import org.xrv.core.dataset.Sample;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.image.GrayImage;

/**
 * A data set's images at one resolution, decoded once and then kept in memory as far as a budget
 * allows. Safe for use by several threads.
 */
public final class ImageCache {
  private final Dataset dataset;
  private final int resolution;
  private final OnUnreadable onUnreadable;
  private final Consumer<String> warnings;
  private final Map<String, GrayImage> kept = new ConcurrentHashMap<>();
  private final Set<String> unreadable = new ConcurrentSkipListSet<>();
  private final AtomicLong bytesLeft;

  /**
   * @param byteBudget what the kept pixels may take; further images are decoded again each time
   * @param warnings gets one line for each unreadable image
   */
  public ImageCache(
      Dataset dataset,
      int resolution,
      long byteBudget,
      OnUnreadable onUnreadable,
      Consumer<String> warnings) {
    this.dataset = dataset;
    this.resolution = resolution;
    this.bytesLeft = new AtomicLong(byteBudget);
    this.onUnreadable = onUnreadable;
    this.warnings = warnings;
  }

  public int resolution() {
    return resolution;
  }

  /** How many images were left out. */
  public int unreadableCount() {
    return unreadable.size();
  }

  /** The images that were left out, as "dataset/id", in order. */
  public Set<String> unreadable() {
    return java.util.Collections.unmodifiableSet(unreadable);
  }

  /**
   * The pixels of a sample, shared with other callers: not to be changed.
   *
   * @return empty when the image is unreadable and such images are left out
   * @throws ProblemException BAD_DATA when it is unreadable and that is to stop the run
   */
  public Optional<GrayImage> image(Sample sample) {
    String key = key(sample);
    GrayImage image = kept.get(key);
    if (image != null) {
      return Optional.of(image);
    }
    if (unreadable.contains(key)) {
      return Optional.empty();
    }
    try {
      image = dataset.image(sample, resolution);
    } catch (ProblemException e) {
      if (e.kind() != ProblemKind.BAD_DATA || onUnreadable == OnUnreadable.FAIL) {
        throw e;
      }
      if (unreadable.add(key)) {
        warnings.accept("left out: " + e.getMessage());
      }
      return Optional.empty();
    }
    long bytes = 4L * image.pixels().length;
    if (bytesLeft.addAndGet(-bytes) >= 0) {
      if (kept.putIfAbsent(key, image) != null) {
        bytesLeft.addAndGet(bytes);
      }
    } else {
      bytesLeft.addAndGet(bytes);
    }
    return Optional.of(image);
  }

  static String key(Sample sample) {
    return sample.dataset() + "/" + sample.id();
  }
}
