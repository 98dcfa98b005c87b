package org.xrv.core.dataset.manifest;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Which rows are taken. Exactly one of filled, above, in and notIn is given.
 *
 * @param reason why, in a few words, as the user is told
 * @param column one of the table's column keys; "age" is the age in years
 * @param filled takes rows whose cell is not empty
 * @param above takes rows whose number is greater
 * @param in takes rows whose cell is one of these
 * @param notIn takes rows whose cell is none of these
 * @param missing what is done with rows whose cell is empty, for above: drop (when left out) or
 *     keep
 */
public record RowFilter(
    String reason,
    String column,
    Boolean filled,
    Double above,
    List<String> in,
    List<String> notIn,
    Missing missing) {
  /** What is done with an empty cell. */
  public enum Missing {
    DROP,
    KEEP
  }

  public RowFilter {
    DataManifest.requireText("filters.reason", reason);
    DataManifest.requireText("filters.column", column);
    if (Stream.of(filled, above, in, notIn).filter(Objects::nonNull).count() != 1) {
      throw DataManifest.problem(
          "filters", "of \"" + reason + "\" needs exactly one of filled, above, in and notIn");
    }
    if (Boolean.FALSE.equals(filled)) {
      throw DataManifest.problem("filters.filled", "can only be true; leave the filter out");
    }
    in = in == null ? null : List.copyOf(in);
    notIn = notIn == null ? null : List.copyOf(notIn);
    missing = missing == null ? Missing.DROP : missing;
  }
}
