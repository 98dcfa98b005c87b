package org.xrv.core.dataset.table;

import java.util.function.Consumer;

/** A table, read row by row. */
interface RowSource {
  /**
   * Reads all rows.
   *
   * @throws org.xrv.core.error.ProblemException BAD_DATA, naming file and row, when the table
   *     cannot be read
   */
  void forEach(Consumer<TableRow> action);
}
