package org.xrv.converter.cli;

import java.util.ArrayList;
import java.util.List;

/** Lines with aligned columns: texts to the left, numbers to the right. */
final class TextTable {
  private static final int WIDEST = 60;
  private final List<Boolean> right;
  private final List<List<String>> rows = new ArrayList<>();

  /** Columns by their headings; a heading that begins with a blank is that of a number. */
  TextTable(String... headings) {
    this.right = java.util.Arrays.stream(headings).map(h -> h.startsWith(" ")).toList();
    row(java.util.Arrays.stream(headings).map(String::strip).toArray(String[]::new));
  }

  TextTable row(String... cells) {
    rows.add(List.of(cells));
    return this;
  }

  /** The lines, each with two blanks between its columns and none at its end. */
  List<String> lines() {
    int[] width = new int[right.size()];
    for (List<String> row : rows) {
      for (int i = 0; i < width.length; i++) {
        width[i] = Math.min(WIDEST, Math.max(width[i], row.get(i).length()));
      }
    }
    List<String> lines = new ArrayList<>();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < width.length; i++) {
        String blanks = " ".repeat(Math.max(0, width[i] - row.get(i).length()));
        line.append(right.get(i) ? blanks + row.get(i) : row.get(i) + blanks).append("  ");
      }
      lines.add(line.toString().stripTrailing());
    }
    return lines;
  }
}
