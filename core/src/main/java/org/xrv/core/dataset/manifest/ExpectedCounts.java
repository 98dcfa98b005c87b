package org.xrv.core.dataset.manifest;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * How much a complete copy holds.
 *
 * @param views images by view
 * @param boxes rectangles, 0 without
 * @param boxedImages images with a rectangle, 0 without
 */
public record ExpectedCounts(
    int images, int patients, Map<String, Integer> views, int boxes, int boxedImages) {
  public ExpectedCounts {
    if (images < 1 || patients < 1 || patients > images || boxes < 0 || boxedImages > boxes) {
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
    views = Collections.unmodifiableMap(views == null ? new TreeMap<>() : new TreeMap<>(views));
  }
}
