package org.xrv.core.dataset.manifest;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * How much a complete copy holds, as its publisher or its users count. 0, or no entry in a map, is
 * "not stated".
 *
 * @param images after the manifest's filters
 * @param patients of these
 * @param views images by view
 * @param positives images by finding that is present
 * @param splits images by the publisher's split
 * @param boxes rectangles
 * @param boxedImages images with a rectangle
 */
public record ExpectedCounts(
    Integer images,
    Integer patients,
    Map<String, Integer> views,
    Map<String, Integer> positives,
    Map<String, Integer> splits,
    Integer boxes,
    Integer boxedImages) {
  /** Nothing is stated. */
  public static final ExpectedCounts NONE =
      new ExpectedCounts(null, null, null, null, null, null, null);

  public ExpectedCounts {
    images = orZero(images);
    patients = orZero(patients);
    boxes = orZero(boxes);
    boxedImages = orZero(boxedImages);
    if (images < 0
        || patients < 0
        || (images > 0 && patients > images)
        || boxes < 0
        || boxedImages > boxes) {
      throw DataManifest.problem(
          "expected",
          "has counts that cannot be: "
              + images
              + " images, "
              + patients
              + " patients, "
              + boxes
              + " boxes on "
              + boxedImages
              + " images");
    }
    views = sorted(views);
    positives = sorted(positives);
    splits = sorted(splits);
  }

  private static Integer orZero(Integer count) {
    return count == null ? 0 : count;
  }

  private static Map<String, Integer> sorted(Map<String, Integer> counts) {
    return Collections.unmodifiableMap(counts == null ? new TreeMap<>() : new TreeMap<>(counts));
  }
}
