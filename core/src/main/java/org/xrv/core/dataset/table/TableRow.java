package org.xrv.core.dataset.table;

import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;

/** One row of a table, whose cells are asked for by key. */
abstract class TableRow {
  /** Where the row is, such as "Data.csv, row 7", for messages. */
  abstract String place();

  /** Counted from the header's, which is row 1, as spreadsheets do. */
  abstract long number();

  /** The cell without surrounding blanks; empty when the table lacks an optional column. */
  abstract String get(String key);

  /** What the key's column is called, for messages. */
  abstract String heading(String key);

  /** The cell, which must not be empty. */
  final String text(String key) {
    String value = get(key);
    if (value.isEmpty()) {
      throw problem("column \"" + heading(key) + "\" is empty");
    }
    return value;
  }

  final double number(String key) {
    String value = text(key);
    try {
      double number = Double.parseDouble(value);
      if (Double.isFinite(number)) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw problem("column \"" + heading(key) + "\" is \"" + value + "\"; expected a number");
  }

  final ProblemException problem(String what) {
    return new ProblemException(ProblemKind.BAD_DATA, place() + ": " + what);
  }
}
