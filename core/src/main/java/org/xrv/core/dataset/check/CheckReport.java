package org.xrv.core.dataset.check;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What was found in a data set.
 *
 * @param dataset its name
 * @param images that are listed and have a file
 * @param patients they are of
 * @param read images whose pixels were looked at
 * @param views images by view; "" where unknown
 * @param positives images by finding that is present
 * @param splits images by the publisher's split; empty where there is none
 * @param boxes rectangles by finding
 * @param sizes images by "WIDTH x HEIGHT" of their files
 * @param counts that the publisher states, and what is here
 * @param notes what the user should know and is not wrong, a line each
 * @param issues one for each thing that is wrong
 */
public record CheckReport(
    String dataset,
    int images,
    int patients,
    int read,
    Map<String, Integer> views,
    Map<String, Integer> positives,
    Map<String, Integer> splits,
    Map<String, Integer> boxes,
    Map<String, Integer> sizes,
    List<Count> counts,
    List<String> notes,
    List<Issue> issues) {
  public CheckReport {
    views = sorted(views);
    positives = sorted(positives);
    splits = sorted(splits);
    boxes = sorted(boxes);
    sizes = sorted(sizes);
    counts = List.copyOf(counts);
    notes = List.copyOf(notes);
    issues = List.copyOf(issues);
  }

  /**
   * A published count.
   *
   * @param what such as "images" or "view PA"
   */
  public record Count(String what, int expected, int found) {
    public boolean differs() {
      return expected != found;
    }
  }

  /** A kind of issue; the order is the report's. */
  public enum Kind {
    MISSING,
    UNREADABLE,
    DUPLICATE,
    SIZE,
    BLANK,
    COUNT
  }

  /**
   * A thing that is wrong.
   *
   * @param sample the image's id; empty when it is about several
   * @param message one line
   */
  public record Issue(Kind kind, String sample, String message) {}

  public boolean sound() {
    return issues.isEmpty();
  }

  private static Map<String, Integer> sorted(Map<String, Integer> counts) {
    return Collections.unmodifiableMap(new TreeMap<>(counts));
  }
}
