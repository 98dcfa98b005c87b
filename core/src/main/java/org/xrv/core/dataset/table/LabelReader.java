package org.xrv.core.dataset.table;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.xrv.core.dataset.Finding;
import org.xrv.core.dataset.LabelMap;
import org.xrv.core.dataset.manifest.LabelRules;
import org.xrv.core.dataset.manifest.LabelStyle;
import org.xrv.core.dataset.manifest.TermMatch;
import org.xrv.core.error.Suggestions;

/** What a row says about each target, by the rules of a manifest. */
final class LabelReader {
  /** One quoted text of a Python list. */
  private static final Pattern QUOTED = Pattern.compile("'([^']*)'|\"([^\"]*)\"");

  private static final String NONE_COLUMN = "label none";

  private final LabelRules rules;
  private final Map<String, List<String>> terms = new HashMap<>();
  private final Set<String> silent = new HashSet<>();

  /** Of labels in several columns, else none. */
  private final List<String> columns;

  private final StringBuilder joined = new StringBuilder();

  /** By the cells: 400,000 rows have a few thousand different ones. */
  private final Map<String, LabelMap> read = new HashMap<>();

  LabelReader(LabelRules rules) {
    this.rules = rules;
    this.columns = List.copyOf(columns(rules).keySet());
    rules.targets().forEach(target -> terms.put(target, rules.termsOf(target)));
    rules.silent().forEach(term -> silent.add(term.toLowerCase(Locale.ROOT)));
  }

  /** The columns that rows must have for this, by key, beside "labels". */
  static Map<String, List<String>> columns(LabelRules rules) {
    Map<String, List<String>> columns = new TreeMap<>();
    if (rules.style() == LabelStyle.COLUMNS) {
      rules.targets().forEach(target -> columns.put(column(target), rules.headers(target)));
      if (!rules.none().isEmpty()) {
        columns.put(NONE_COLUMN, List.of(rules.none()));
      }
    }
    return columns;
  }

  private static String column(String target) {
    return "label " + target;
  }

  /** By target; what is not listed is unknown. Rows that say the same share it. */
  LabelMap read(TableRow row) {
    String cells;
    if (columns.isEmpty()) {
      cells = row.get("labels");
    } else {
      joined.setLength(0);
      for (String column : columns) {
        joined.append(row.get(column)).append('\n');
      }
      cells = joined.toString();
    }
    LabelMap known = read.get(cells);
    if (known == null) {
      known = LabelMap.of(readAnew(row));
      read.put(cells, known);
    }
    return known;
  }

  private Map<String, Finding> readAnew(TableRow row) {
    Map<String, Finding> labels = new TreeMap<>();
    switch (rules.style()) {
      case NAMES -> names(row, labels);
      case TERMS -> terms(row, labels);
      case COLUMNS -> columns(row, labels);
      case FLAG -> {
        Finding finding = finding(row, "labels");
        rules.targets().forEach(target -> labels.put(target, finding));
      }
    }
    return labels;
  }

  private void names(TableRow row, Map<String, Finding> labels) {
    rules.targets().forEach(target -> labels.put(target, Finding.ABSENT));
    for (String part : row.text("labels").split(Pattern.quote(rules.separator()), -1)) {
      String word = part.strip();
      if (!word.equals(rules.none())) {
        String target =
            rules
                .target(word)
                .orElseThrow(
                    () ->
                        row.problem(
                            "unknown finding \""
                                + word
                                + "\""
                                + Suggestions.didYouMean(word, rules.targets())));
        labels.put(target, Finding.PRESENT);
      }
    }
  }

  private void terms(TableRow row, Map<String, Finding> labels) {
    List<String> found = split(row);
    if (silent.containsAll(found)) {
      return; // also where nothing is listed
    }
    for (String target : rules.targets()) {
      boolean present =
          terms.get(target).stream()
              .anyMatch(
                  term ->
                      rules.match() == TermMatch.EXACT
                          ? found.contains(term)
                          : found.stream().anyMatch(f -> f.contains(term)));
      labels.put(target, present ? Finding.PRESENT : Finding.ABSENT);
    }
  }

  /** The terms of a cell, in lower case. */
  private List<String> split(TableRow row) {
    String cell = row.get("labels").toLowerCase(Locale.ROOT);
    List<String> found = new ArrayList<>();
    if (!rules.separator().isEmpty()) {
      for (String part : cell.split(Pattern.quote(rules.separator()), -1)) {
        found.add(part.strip());
      }
    } else if (!cell.isEmpty()) {
      if (!cell.startsWith("[") || !cell.endsWith("]")) {
        throw row.problem(
            "column \""
                + row.heading("labels")
                + "\" is \""
                + (cell.length() > 40 ? cell.substring(0, 40) + "..." : cell)
                + "\"; expected a list such as ['normal']");
      }
      Matcher matcher = QUOTED.matcher(cell);
      while (matcher.find()) {
        found.add((matcher.group(1) == null ? matcher.group(2) : matcher.group(1)).strip());
      }
    }
    found.removeIf(String::isEmpty);
    return found;
  }

  private void columns(TableRow row, Map<String, Finding> labels) {
    for (String target : rules.targets()) {
      labels.put(target, finding(row, column(target)));
    }
    if (!rules.none().isEmpty() && finding(row, NONE_COLUMN) == Finding.PRESENT) {
      for (String target : rules.targets()) {
        if (!rules.noneSpares().contains(target)) {
          labels.put(target, Finding.ABSENT);
        }
      }
    }
  }

  private Finding finding(TableRow row, String key) {
    String cell = row.get(key);
    if (rules.absent().contains(cell)) {
      return Finding.ABSENT;
    }
    if (rules.unknown().contains(cell)) {
      return Finding.UNKNOWN;
    }
    if (rules.present().contains(cell)
        || (rules.present().contains(LabelRules.ANY) && !cell.isEmpty())) {
      return Finding.PRESENT;
    }
    throw row.problem(
        "column \""
            + row.heading(key)
            + "\" is \""
            + cell
            + "\"; expected one of "
            + String.join(", ", rules.present())
            + " (present), "
            + String.join(", ", rules.absent())
            + " (absent)"
            + (rules.unknown().isEmpty()
                ? ""
                : ", "
                    + String.join(", ", rules.unknown()).replaceFirst("^$", "nothing")
                    + " (unknown)"));
  }
}
