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
  private static final String[] NONE = {};

  private final RowSource first;
  private final List<String> on;
  private final List<String> given;
  private final Map<String, List<String>> headings;
  private final Map<String, Integer> columns = new HashMap<>();
  private final Numbering keys = new Numbering();

  /** The second file's cells by the number of their key; those of equal cells are one. */
  private final List<String[]> partners = new ArrayList<>();

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
    Map<String, List<String>> wanted = new TreeMap<>(given);
    on.forEach((key, names) -> wanted.put(onKey(key), names));
    this.given.forEach(key -> columns.put(key, columns.size()));
    // Few different rows, each of whose cells the parser makes anew.
    Map<List<String>, String[]> pool = new HashMap<>();
    List<String> onKeys = this.on.stream().map(JoinedTable::onKey).toList();
    new CsvTable(second, wanted, Map.of())
        .forEach(
            row -> {
              String key = row.text(onKeys.get(0));
              for (int i = 1; i < onKeys.size(); i++) {
                key = key + '\n' + row.text(onKeys.get(i));
              }
              String[] made = new String[this.given.size()];
              for (int i = 0; i < made.length; i++) {
                made[i] = row.get(this.given.get(i));
              }
              String[] cells = pool.computeIfAbsent(Arrays.asList(made), same -> made);
              int number = keys.add(key);
              if (number == partners.size()) {
                partners.add(cells);
              } else if (partners.get(number) != cells) {
                throw row.problem(
                    "a second row for "
                        + key.replace("\n", ", ")
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
    String key = row.get(on.get(0));
    for (int i = 1; i < on.size(); i++) {
      key = key + '\n' + row.get(on.get(i));
    }
    int number = keys.find(key);
    return number < 0 ? NONE : partners.get(number);
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
      Integer column = columns.get(key);
      if (column == null) {
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
