package org.xrv.trainer.config;

import java.util.List;
import java.util.Map;
import org.xrv.core.dataset.OnMissing;
import org.xrv.core.dataset.catalog.Views;
import org.xrv.core.dataset.phantom.PhantomOptions;
import org.xrv.core.dataset.phantom.Shortcut;
import org.xrv.core.image.Resize;
import org.xrv.trainer.data.OnUnreadable;

/**
 * Which images.
 *
 * @param names of data sets: phantom, nih, folder
 * @param root where they lie; empty for the phantom, which needs no files
 * @param views the projections to take, such as PA; empty, or all, for every one
 * @param resize how images and masks of files are resized: antialias or area
 * @param split random (by patient) or official (the publisher's)
 * @param phantom how many patients the phantom has
 * @param validationFraction of the patients, kept apart from training
 * @param maxValidationImages how many images a validation looks at; 0 for all
 * @param missing skip (and name them) or fail, when a table lists images that are not there
 * @param onUnreadable skip (and name them) or fail
 * @param workers threads that read and augment images
 * @param cacheMiB memory for decoded images; what does not fit is decoded again in each epoch
 * @param cache directory of a packed cache to read instead of the data sets' files; empty for none
 */
public record DataSettings(
    List<String> names,
    String root,
    List<String> views,
    Resize resize,
    SplitName split,
    PhantomSettings phantom,
    double validationFraction,
    int maxValidationImages,
    OnMissing missing,
    OnUnreadable onUnreadable,
    int workers,
    int cacheMiB,
    String cache) {
  /**
   * The phantom's patients.
   *
   * @param count how many
   * @param seed that they are drawn from
   * @param shortcut a device that goes with a finding and with which probability, such as
   *     chest-tube-with-Pneumothorax: 0.9; empty for none
   */
  public record PhantomSettings(int count, long seed, Map<String, Double> shortcut) {
    public PhantomSettings {
      Settings.require(count >= 2, "data.phantom.count", count, "at least 2 patients");
      shortcut = shortcut == null ? Map.of() : Map.copyOf(shortcut);
      Settings.require(shortcut.size() <= 1, "data.phantom.shortcut", shortcut, "one, or none");
      shortcut.forEach(Shortcut::of);
    }

    /** What is drawn beside anatomy and findings. */
    public PhantomOptions options() {
      return shortcut.entrySet().stream()
          .map(e -> PhantomOptions.with(Shortcut.of(e.getKey(), e.getValue())))
          .findFirst()
          .orElse(PhantomOptions.DEFAULT);
    }
  }

  public DataSettings {
    Settings.require(
        names != null && !names.isEmpty(), "data.names", names, "at least one data set");
    names = List.copyOf(names);
    root = root == null ? "" : root;
    cache = cache == null ? "" : cache;
    views = views == null ? Views.DEFAULT : List.copyOf(views);
    Views.of(views);
    resize = resize == null ? Resize.ANTIALIAS : resize;
    split = split == null ? SplitName.RANDOM : split;
    Settings.require(phantom != null, "data.phantom", null, "count and seed");
    Settings.require(
        validationFraction > 0 && validationFraction < 1,
        "data.validationFraction",
        validationFraction,
        "a number between 0 and 1");
    Settings.require(
        maxValidationImages >= 0, "data.maxValidationImages", maxValidationImages, "0 or more");
    Settings.require(missing != null, "data.missing", null, "fail or skip");
    Settings.require(onUnreadable != null, "data.onUnreadable", null, "skip or fail");
    Settings.require(workers >= 1 && workers <= 256, "data.workers", workers, "1 to 256");
    Settings.require(cacheMiB >= 0, "data.cacheMiB", cacheMiB, "0 or more");
  }
}
