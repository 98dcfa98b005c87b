package org.xrv.core.dataset.table;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.xrv.core.dataset.manifest.RowFilter;

/** A manifest's filters, and how many rows each has left out. */
final class RowFilters {
  private final Map<String, RowFilter> filters;
  private final Map<String, Set<String>> values = new HashMap<>();
  private final Map<String, Integer> dropped = new LinkedHashMap<>();

  RowFilters(Map<String, RowFilter> filters) {
    this.filters = filters;
    filters.forEach(
        (name, filter) -> {
          if (filter.in() != null || filter.notIn() != null) {
            values.put(name, new HashSet<>(filter.in() != null ? filter.in() : filter.notIn()));
          }
        });
  }

  /**
   * Whether every filter takes a row; the first that does not counts it.
   *
   * @param cells by column key
   */
  boolean take(TableRow row, Function<String, String> cells) {
    for (var entry : filters.entrySet()) {
      if (!take(entry.getKey(), entry.getValue(), cells.apply(entry.getValue().column()), row)) {
        dropped.merge(entry.getKey(), 1, Integer::sum);
        return false;
      }
    }
    return true;
  }

  private boolean take(String name, RowFilter filter, String cell, TableRow row) {
    if (filter.filled() != null) {
      return !cell.isEmpty();
    }
    if (filter.in() != null) {
      return values.get(name).contains(cell);
    }
    if (filter.notIn() != null) {
      return !values.get(name).contains(cell);
    }
    if (cell.isEmpty()) {
      return filter.missing() == RowFilter.Missing.KEEP;
    }
    try {
      return Double.parseDouble(cell) > filter.above();
    } catch (NumberFormatException e) {
      throw row.problem(
          "column \"" + filter.column() + "\" is \"" + cell + "\"; expected a number");
    }
  }

  int dropped() {
    return dropped.values().stream().mapToInt(Integer::intValue).sum();
  }

  /** Such as "unlabelled 3 (no labels), broken 1 (cannot be decoded)"; empty when none was. */
  String report() {
    return dropped.entrySet().stream()
        .map(e -> e.getKey() + " " + e.getValue() + " (" + filters.get(e.getKey()).reason() + ")")
        .collect(Collectors.joining(", "));
  }
}
