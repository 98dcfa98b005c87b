package org.xrv.trainer.report;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.xrv.core.io.AtomicFiles;
import org.xrv.trainer.log.LogLine;

/** metrics.jsonl as a table for spreadsheets: CSV as in RFC 4180, with a header. */
public final class MetricsTable {
  public static final String FILE = "metrics.csv";

  private MetricsTable() {}

  /** Writes lines of metrics.jsonl; what a line does not have stays empty. */
  public static void write(List<LogLine> lines, Path file) {
    AtomicFiles.write(file, text(lines).getBytes(StandardCharsets.UTF_8));
  }

  /** The table as text. */
  public static String text(List<LogLine> lines) {
    Set<String> names = new LinkedHashSet<>();
    lines.forEach(line -> names.addAll(line.values().keySet()));
    StringBuilder csv = new StringBuilder();
    List<String> header = new ArrayList<>(List.of("kind", "step", "epoch"));
    header.addAll(names);
    row(header, csv);
    for (LogLine line : lines) {
      List<String> cells = new ArrayList<>();
      cells.add(line.kind().name().toLowerCase(Locale.ROOT));
      cells.add(Long.toString(line.step()));
      cells.add(Integer.toString(line.epoch()));
      for (String name : names) {
        Double value = line.values().get(name);
        cells.add(value == null ? "" : number(value));
      }
      row(cells, csv);
    }
    return csv.toString();
  }

  /** Every digit, so that nothing is lost on the way. */
  private static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : Double.toString(value);
  }

  private static void row(List<String> cells, StringBuilder into) {
    into.append(cells.stream().map(MetricsTable::cell).collect(Collectors.joining(",")))
        .append("\r\n");
  }

  private static String cell(String text) {
    return text.matches("(?s).*[\",\r\n].*") ? '"' + text.replace("\"", "\"\"") + '"' : text;
  }
}
