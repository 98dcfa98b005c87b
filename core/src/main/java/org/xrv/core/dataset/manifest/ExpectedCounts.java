package org.xrv.core.dataset.manifest;

import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

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
 * @param rows of the table
 * @param side of the square originals in pixels
 * @param patientsOn patients by view
 * @param positivesOn by view, images by finding that is present; {@link #NO_FINDING} is those of
 *     which every finding is absent
 * @param boxesOf rectangles by finding
 * @param boxesOn by view, rectangles by finding; {@link #ANY} is all of them
 */
public record ExpectedCounts(
    Integer images,
    Integer patients,
    Map<String, Integer> views,
    Map<String, Integer> positives,
    Map<String, Integer> splits,
    Integer boxes,
    Integer boxedImages,
    Integer rows,
    Integer side,
    Map<String, Integer> patientsOn,
    Map<String, Map<String, Integer>> positivesOn,
    Map<String, Integer> boxesOf,
    Map<String, Map<String, Integer>> boxesOn) {
  /** Stands among findings for the absence of all of them. */
  public static final String NO_FINDING = "No Finding";

  /** Stands among findings for whatever finding. */
  public static final String ANY = "any";

  /** Nothing is stated. */
  public static final ExpectedCounts NONE =
      new ExpectedCounts(
          null, null, null, null, null, null, null, null, null, null, null, null, null);

  public ExpectedCounts {
    images = orZero(images);
    patients = orZero(patients);
    boxes = orZero(boxes);
    boxedImages = orZero(boxedImages);
    rows = orZero(rows);
    side = orZero(side);
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
    patientsOn = sorted(patientsOn);
    positivesOn = nested(positivesOn);
    boxesOf = sorted(boxesOf);
    boxesOn = nested(boxesOn);
  }

  /** Every finding that is counted, for comparison with those that the set knows. */
  public Set<String> targets() {
    Set<String> named = new TreeSet<>(positives.keySet());
    named.addAll(boxesOf.keySet());
    positivesOn.values().forEach(counts -> named.addAll(counts.keySet()));
    boxesOn.values().forEach(counts -> named.addAll(counts.keySet()));
    named.removeAll(Set.of(NO_FINDING, ANY));
    return named;
  }

  private static Map<String, Map<String, Integer>> nested(
      Map<String, Map<String, Integer>> counts) {
    Map<String, Map<String, Integer>> copy = new TreeMap<>();
    if (counts != null) {
      counts.forEach((view, of) -> copy.put(view, sorted(of)));
    }
    return Collections.unmodifiableMap(copy);
  }

  private static Integer orZero(Integer count) {
    return count == null ? 0 : count;
  }

  private static Map<String, Integer> sorted(Map<String, Integer> counts) {
    return Collections.unmodifiableMap(counts == null ? new TreeMap<>() : new TreeMap<>(counts));
  }
}
