package org.xrv.core.dataset;

import java.util.List;

/** What to do about images that a table lists and that are not there. */
public enum OnMissing {
  /** Stop, saying how many and the first of them. */
  FAIL,
  /** Leave them out, saying the same. */
  SKIP;

  private static final int NAMED = 5;

  /**
   * One line on them.
   *
   * @param missing their names, in the table's order; at least one
   * @param wanted how many images the table lists
   * @param table what lists them
   */
  public String line(List<String> missing, int wanted, String table) {
    String names =
        String.join(", ", missing.subList(0, Math.min(NAMED, missing.size())))
            + (missing.size() > NAMED ? " ..." : "");
    String start = missing.size() + " of " + wanted + " rows of " + table + " have no image file";
    return this == SKIP
        ? start + " and are left out: " + names
        : start
            + ": "
            + names
            + "; fetch them, name the directory that holds them, or leave them out with --missing"
            + " skip";
  }
}
