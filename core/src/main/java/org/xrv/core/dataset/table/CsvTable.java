package org.xrv.core.dataset.table;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.xrv.core.dataset.files.DataFile;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;

/**
 * A CSV file with a header whose columns go by several spellings. Quotes are honoured, line breaks
 * within them too; columns beyond the header's, such as those of trailing commas, are ignored.
 */
final class CsvTable implements RowSource {
  private final DataFile file;
  private final Map<String, List<String>> required;
  private final Map<String, List<String>> optional;

  /**
   * @param file plain, .gz or .zip
   * @param required accepted spellings by the key that rows are asked with
   * @param optional the same, for columns that a file may lack
   */
  CsvTable(DataFile file, Map<String, List<String>> required, Map<String, List<String>> optional) {
    this.file = file;
    this.required = required;
    this.optional = optional;
  }

  private final class Row extends TableRow {
    private final CSVRecord cells;
    private final Map<String, Integer> columns;

    private Row(CSVRecord cells, Map<String, Integer> columns) {
      this.cells = cells;
      this.columns = columns;
    }

    @Override
    String place() {
      return file + ", row " + number();
    }

    @Override
    long number() {
      return cells.getRecordNumber();
    }

    @Override
    String get(String key) {
      Integer column = columns.get(key);
      return column == null || column >= cells.size() ? "" : cells.get(column).strip();
    }

    @Override
    String heading(String key) {
      return required.containsKey(key)
          ? required.get(key).get(0)
          : optional.getOrDefault(key, List.of(key)).get(0);
    }
  }

  /**
   * {@inheritDoc}
   *
   * @throws ProblemException BAD_DATA also when the file lacks a column, or a row is too short to
   *     have every required one
   */
  @Override
  public void forEach(Consumer<TableRow> action) {
    // Bytes that are no UTF-8 become replacement characters: names and labels are ASCII.
    try (RowLimit reader =
            new RowLimit(
                withoutByteOrderMark(
                    new InputStreamReader(TableFiles.open(file), StandardCharsets.UTF_8)));
        CSVParser parser = CSVFormat.DEFAULT.parse(reader)) {
      Map<String, Integer> columns = null;
      int needed = 0;
      for (CSVRecord cells : parser) {
        reader.nextRow();
        if (columns == null) {
          columns = columns(cells);
          for (String key : required.keySet()) {
            needed = Math.max(needed, columns.get(key) + 1);
          }
          continue;
        }
        Row row = new Row(cells, columns);
        if (cells.size() < needed) {
          throw row.problem(
              "has "
                  + cells.size()
                  + " columns; expected at least "
                  + needed
                  + "; is the file cut off? Fetch it again");
        }
        action.accept(row);
      }
      if (columns == null) {
        throw new ProblemException(ProblemKind.BAD_DATA, file + " is empty; fetch it again");
      }
    } catch (IOException e) {
      throw unreadable(e);
    } catch (UncheckedIOException e) {
      throw unreadable(e.getCause());
    }
  }

  /** Spreadsheets write one; it would hide the first quote. */
  private static Reader withoutByteOrderMark(Reader bytes) throws IOException {
    BufferedReader reader = new BufferedReader(bytes);
    reader.mark(1);
    if (reader.read() != 0xFEFF) {
      reader.reset();
    }
    return reader;
  }

  private ProblemException unreadable(IOException e) {
    String reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    return new ProblemException(
        ProblemKind.BAD_DATA, file + ": cannot be read as CSV: " + reason + "; fetch it again", e);
  }

  private Map<String, Integer> columns(CSVRecord header) {
    List<String> names = new ArrayList<>();
    for (String name : header) {
      names.add(name.strip());
    }
    Map<String, Integer> columns = new HashMap<>();
    required.forEach(
        (key, spellings) -> {
          int column = find(names, spellings);
          if (column < 0) {
            throw new ProblemException(
                ProblemKind.BAD_DATA,
                file
                    + ", row 1: no column \""
                    + String.join("\" or \"", spellings)
                    + "\"; the columns are "
                    + String.join(" | ", names));
          }
          columns.put(key, column);
        });
    optional.forEach(
        (key, spellings) -> {
          int column = find(names, spellings);
          if (column >= 0) {
            columns.put(key, column);
          }
        });
    return columns;
  }

  private static int find(List<String> names, List<String> spellings) {
    for (int i = 0; i < names.size(); i++) {
      if (spellings.stream().anyMatch(names.get(i)::equalsIgnoreCase)) {
        return i;
      }
    }
    return -1;
  }
}
