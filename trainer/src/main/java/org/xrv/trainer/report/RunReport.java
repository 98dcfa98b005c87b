package org.xrv.trainer.report;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;
import org.xrv.core.io.AtomicFiles;
import org.xrv.trainer.log.Durations;
import org.xrv.trainer.log.LogLine;
import org.xrv.trainer.log.RunHistory;
import org.xrv.trainer.log.RunState;
import org.xrv.trainer.log.RunStatus;

/**
 * report.html: state, curves, reconstructions, settings and provenance of a run in one page. Style
 * and scripts are in it; pictures are named relative to the run's directory, or embedded.
 */
public final class RunReport {
  public static final String FILE = "report.html";

  /** How often a page of a run that goes on loads itself anew. */
  private static final int RELOAD_SECONDS = 30;

  private static final int EPOCH_ROWS = 50;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private final Path run;
  private final RunHistory history;
  private final Optional<RunStatus> status;
  private final boolean embed;

  private RunReport(Path run, RunHistory history, Optional<RunStatus> status, boolean embed) {
    this.run = run;
    this.history = history;
    this.status = status;
    this.embed = embed;
  }

  /**
   * A run's report.
   *
   * @param run its directory
   * @param history as far as it is to be shown
   * @param status empty for a run of a program that wrote none
   */
  public static RunReport of(Path run, RunHistory history, Optional<RunStatus> status) {
    return new RunReport(run, history, status, false);
  }

  /** With pictures in the page itself, so that it can be handed on alone. */
  public RunReport embedded() {
    return new RunReport(run, history, status, true);
  }

  /**
   * Writes the page, replacing an older one at once.
   *
   * @throws IOException when what it shows cannot be read
   * @throws org.xrv.core.error.ProblemException DISK
   */
  public void write(Path file) throws IOException {
    byte[] page = html().getBytes(StandardCharsets.UTF_8);
    AtomicFiles.write(file, page);
  }

  /** The page. */
  public String html() throws IOException {
    String name = Html.escape(run.toAbsolutePath().normalize().getFileName().toString());
    boolean running = is(RunState.RUNNING);
    List<LogLine> epochs = history.epochs();
    PictureShow pictures = PictureShow.of(run, epochs, embed);
    StringBuilder html = new StringBuilder();
    html.append("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">")
        .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")
        .append("<meta name=\"color-scheme\" content=\"light dark\">");
    if (running) {
      html.append("<noscript><meta http-equiv=\"refresh\" content=\"")
          .append(RELOAD_SECONDS)
          .append("\"></noscript>");
    }
    html.append("<title>").append(name).append("</title><style>");
    html.append(resource("report.css")).append("</style></head>\n<body");
    if (running) {
      html.append(" data-reload=\"").append(RELOAD_SECONDS).append('"');
    }
    status.ifPresent(s -> html.append(" data-written=\"").append(s.written()).append('"'));
    html.append("><main>\n").append(head(name)).append("<section id=\"charts\">");
    List<Chart> charts = Charts.of(history, best());
    charts.forEach(chart -> html.append(chart.html()));
    if (charts.isEmpty()) {
      html.append(
          "<p>Nothing is logged yet: the first numbers come after 25 steps or an epoch.</p>");
    }
    html.append("</section>\n");
    if (!pictures.isEmpty()) {
      html.append(pictures.html());
    }
    html.append(table(epochs))
        .append("<div class=\"facts\">")
        .append(Facts.html("Settings", Facts.settings(run.resolve("config.yaml"))))
        .append(Facts.html("Provenance", Facts.document(run.resolve("run.json"))))
        .append("</div>\n<footer>")
        .append(
            embed ? "Pictures are in this file." : "Pictures are in pictures/ beside this file.")
        .append(" The numbers are those of metrics.jsonl. For research, not for diagnosis.")
        .append("</footer></main><script>")
        .append(resource("report.js"))
        .append("</script></body></html>\n");
    return html.toString();
  }

  private boolean is(RunState state) {
    return status.map(s -> s.state() == state).orElse(false);
  }

  private OptionalDouble best() {
    return status.isPresent() && status.get().bestStep() > 0
        ? OptionalDouble.of((double) status.get().bestStep())
        : OptionalDouble.empty();
  }

  private String head(String name) {
    StringBuilder html = new StringBuilder("<header><h1>" + name + "</h1>");
    if (status.isEmpty()) {
      return html.append("</header>\n<div class=\"tiles\">")
          .append(lastLoss())
          .append(bestMetric())
          .append("</div>\n")
          .toString();
    }
    RunStatus s = status.get();
    String state = s.state().name().toLowerCase(Locale.ROOT);
    html.append("<span class=\"state ").append(state).append("\">").append(state).append("</span>");
    html.append("<span class=\"note\">written ")
        .append(TIME.format(Instant.ofEpochSecond(s.written())))
        .append("<span id=\"age\"></span></span>");
    if (s.state() == RunState.RUNNING) {
      html.append(
          "<label class=\"note\" id=\"reloading\" hidden><input type=\"checkbox\" id=\"reload\" checked> reload every "
              + RELOAD_SECONDS
              + " s</label>");
    }
    html.append("</header>\n");
    if (!s.message().isEmpty()) {
      html.append("<p class=\"message\">").append(Html.escape(s.message())).append("</p>");
    }
    html.append(
        String.format(
            Locale.ROOT,
            "<progress value=\"%d\" max=\"%d\" aria-label=\"steps\"></progress>",
            s.step(),
            Math.max(1, s.totalSteps())));
    html.append("<div class=\"tiles\">")
        .append(
            tile(
                "step",
                String.format(Locale.ROOT, "%,d", s.step()),
                String.format(Locale.ROOT, "of %,d, epoch %d", s.totalSteps(), s.epoch())));
    if (s.state() == RunState.RUNNING) {
      html.append(
          tile("time left", s.secondsLeft() > 0 ? Durations.text(s.secondsLeft()) : "-", ""));
    }
    html.append(lastLoss()).append(bestMetric());
    if (s.imagesPerSecond() > 0) {
      html.append(
              tile("speed", Numbers.text(s.imagesPerSecond(), 3) + " img/s", "in training steps"))
          .append(
              tile(
                  "waiting for images",
                  Numbers.text(100 * s.dataWait(), 2) + " %",
                  "of the time of steps"));
    }
    if (s.residentBytes() > 0) {
      html.append(tile("memory", Numbers.text(s.residentBytes() / 1e9, 3) + " GB", "resident"));
    }
    return html.append("</div>\n").toString();
  }

  private String lastLoss() {
    List<LogLine> lines = history.metrics();
    for (int i = lines.size() - 1; i >= 0; i--) {
      LogLine line = lines.get(i);
      Double loss = line.values().get(line.kind() == LogLine.Kind.STEP ? "loss" : "trainLoss");
      if (loss != null) {
        return tile("training loss", Numbers.text(loss, 4), "at step " + line.step());
      }
    }
    return "";
  }

  /** The first number of the best validation, beside what the mean image gives. */
  private String bestMetric() {
    return history.epochs().stream()
        .filter(e -> best().isPresent() && e.step() == best().getAsDouble())
        .findFirst()
        .flatMap(
            e ->
                e.values().entrySet().stream()
                    .filter(v -> !v.getKey().equals("trainLoss"))
                    .findFirst()
                    .map(v -> bestMetric(e, v.getKey(), v.getValue())))
        .orElse("");
  }

  private static String bestMetric(LogLine epoch, String name, double value) {
    Double mean =
        epoch
            .values()
            .get("meanImage" + name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1));
    return tile(
        "best validation, " + name,
        Numbers.text(value, 4),
        "epoch "
            + epoch.epoch()
            + (mean == null ? "" : "; the mean image: " + Numbers.text(mean, 4)));
  }

  private static String tile(String name, String value, String more) {
    return "<div><span>"
        + Html.escape(name)
        + "</span><b>"
        + Html.escape(value)
        + "</b><small>"
        + Html.escape(more)
        + "</small></div>";
  }

  private static String table(List<LogLine> epochs) {
    if (epochs.isEmpty()) {
      return "";
    }
    Set<String> names = new LinkedHashSet<>();
    epochs.forEach(e -> names.addAll(e.values().keySet()));
    StringBuilder html =
        new StringBuilder("<section><h2>Validations</h2><div class=\"wide\"><table><tr>");
    html.append("<th>epoch</th><th>step</th>");
    names.forEach(n -> html.append("<th>").append(Html.escape(n)).append("</th>"));
    html.append("</tr>\n");
    for (int i = epochs.size() - 1; i >= Math.max(0, epochs.size() - EPOCH_ROWS); i--) {
      LogLine line = epochs.get(i);
      html.append("<tr><td>").append(line.epoch()).append("</td><td>").append(line.step());
      html.append("</td>")
          .append(
              names.stream()
                  .map(n -> line.values().get(n))
                  .map(v -> "<td>" + (v == null ? "" : Numbers.text(v, 5)) + "</td>")
                  .collect(Collectors.joining()))
          .append("</tr>\n");
    }
    html.append("</table></div>");
    if (epochs.size() > EPOCH_ROWS) {
      html.append("<p class=\"note\">The last ").append(EPOCH_ROWS).append(" of ");
      html.append(epochs.size()).append("; metrics.csv has all.</p>");
    }
    return html.append("</section>\n").toString();
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = RunReport.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
