package org.xrv.core.dataset.table;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.xrv.core.dataset.files.DataFile;
import org.xrv.core.error.ProblemException;

/** A table's rows with more columns from a second file, which is held in memory. */
final class JoinedTable implements RowSource {
  private final RowSource first;
  private final List<String> on;
  private final List<String> given;
  private final Map<String, List<String>> headings;
  private final Map<String, String[]> partners = new HashMap<>();

  /**
   * Reads the second file.
   *
   * @param first the rows
   * @param second plain, .gz or .zip
   * @param on accepted spellings of the columns that rows agree in, by the first table's key
   * @param given accepted spellings of the columns that the second file gives, by key
   * @throws ProblemException BAD_DATA when two of its rows are for one key and differ
   */
  JoinedTable(
      RowSource first,
      DataFile second,
      Map<String, List<String>> on,
      Map<String, List<String>> given) {
    this.first = first;
    this.on = List.copyOf(on.keySet());
    this.given = List.copyOf(given.keySet());
    this.headings = given;
    Map<String, List<String>> columns = new TreeMap<>(given);
    on.forEach((key, names) -> columns.put(onKey(key), names));
    // Few different cells, each of which the parser makes anew.
    Map<String, String> pool = new HashMap<>();
    new CsvTable(second, columns, Map.of())
        .forEach(
            row -> {
              List<String> parts = new ArrayList<>();
              this.on.forEach(key -> parts.add(row.text(onKey(key))));
              String[] cells = new String[this.given.size()];
              for (int i = 0; i < cells.length; i++) {
                cells[i] = pool.computeIfAbsent(row.get(this.given.get(i)), cell -> cell);
              }
              String[] earlier = partners.putIfAbsent(String.join("\n", parts), cells);
              if (earlier != null && !Arrays.equals(earlier, cells)) {
                throw row.problem(
                    "a second row for "
                        + String.join(", ", parts)
                        + " that says something else; keep one of them");
              }
            });
  }

  private static String onKey(String key) {
    return "on " + key;
  }

  @Override
  public void forEach(Consumer<TableRow> action) {
    first.forEach(row -> action.accept(new Row(row, partner(row))));
  }

  private String[] partner(TableRow row) {
    List<String> parts = new ArrayList<>();
    on.forEach(key -> parts.add(row.get(key)));
    return partners.getOrDefault(String.join("\n", parts), new String[0]);
  }

  private final class Row extends TableRow {
    private final TableRow row;
    private final String[] cells;

    Row(TableRow row, String[] cells) {
      this.row = row;
      this.cells = cells;
    }

    @Override
    String place() {
      return row.place();
    }

    @Override
    long number() {
      return row.number();
    }

    @Override
    String get(String key) {
      int column = given.indexOf(key);
      if (column < 0) {
        return row.get(key);
      }
      return column < cells.length ? cells[column] : "";
    }

    @Override
    String heading(String key) {
      return headings.containsKey(key) ? headings.get(key).get(0) : row.heading(key);
    }
  }
}
