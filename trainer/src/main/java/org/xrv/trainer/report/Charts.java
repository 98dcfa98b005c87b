package org.xrv.trainer.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import org.xrv.trainer.log.LogLine;
import org.xrv.trainer.log.RunHistory;

/**
 * Which charts a run has: one for each number that it logs, whatever its name; of validation
 * numbers that are alike (auc, auc.Effusion) one together, and the mean image's beside the model's.
 */
final class Charts {
  /** Below this, the jumps of single batches are all there is. */
  private static final int SMOOTH_FROM = 40;

  private static final String REFERENCE = "meanImage";
  private static final String LOSS = "loss";
  private static final String EPOCH_LOSS = "trainLoss";
  private static final Set<String> NO_CURVE = Set.of("validationImages");
  private static final Map<String, String> TITLES =
      Map.of(
          "mae", "Validation: mean absolute error",
          "mse", "Validation: mean squared error",
          "loss", "Validation: loss",
          "auc", "Validation: AUC",
          "iou", "Validation: IoU",
          "lr", "Learning rate");

  private Charts() {}

  /** Those that have something to show. */
  static List<Chart> of(RunHistory history, OptionalDouble best) {
    List<LogLine> steps =
        history.metrics().stream().filter(l -> l.kind() == LogLine.Kind.STEP).toList();
    List<LogLine> epochs = history.epochs();
    List<Chart> charts = new ArrayList<>();
    charts.add(loss(steps, epochs));
    groups(epochs).forEach((group, names) -> charts.add(validation(group, names, epochs, best)));
    for (String name : names(steps)) {
      if (!name.equals(LOSS)) {
        charts.add(
            new Chart(
                TITLES.getOrDefault(name, "Training: " + name),
                "",
                Chart.Scale.VALUES,
                List.of(Curve.of(name, Curve.Style.MAIN, steps, name))));
      }
    }
    charts.addAll(pace(history.timing()));
    charts.removeIf(Chart::isEmpty);
    return charts;
  }

  private static Chart loss(List<LogLine> steps, List<LogLine> epochs) {
    Curve each = Curve.of("batch", Curve.Style.FAINT, steps, LOSS);
    Curve mean = Curve.of("mean of the epoch", Curve.Style.SECOND, epochs, EPOCH_LOSS);
    int count = each.points().size();
    List<Curve> curves =
        count < SMOOTH_FROM
            ? List.of(mean, each)
            : List.of(each.smoothed("smoothed", Curve.Style.MAIN, count / 30), mean, each);
    return new Chart("Training loss", "", Chart.Scale.VALUES, curves);
  }

  /** Names by what stands before their first dot. */
  private static Map<String, List<String>> groups(List<LogLine> epochs) {
    Map<String, List<String>> groups = new LinkedHashMap<>();
    for (String name : names(epochs)) {
      if (!name.startsWith(REFERENCE) && !name.equals(EPOCH_LOSS) && !NO_CURVE.contains(name)) {
        int dot = name.indexOf('.');
        groups
            .computeIfAbsent(dot < 0 ? name : name.substring(0, dot), g -> new ArrayList<>())
            .add(name);
      }
    }
    return groups;
  }

  private static Chart validation(
      String group, List<String> names, List<LogLine> epochs, OptionalDouble best) {
    List<Curve> curves = new ArrayList<>();
    for (String name : names) {
      boolean member = !name.equals(group);
      String shown =
          member ? name.substring(group.length() + 1) : names.size() > 1 ? "mean" : "model";
      curves.add(Curve.of(shown, member ? Curve.Style.OTHER : Curve.Style.MAIN, epochs, name));
    }
    String reference =
        REFERENCE + group.substring(0, 1).toUpperCase(Locale.ROOT) + group.substring(1);
    curves.add(Curve.of("mean image", Curve.Style.REFERENCE, epochs, reference));
    return new Chart(
        TITLES.getOrDefault(group, "Validation: " + group), "", Chart.Scale.VALUES, curves, best);
  }

  /** By steps when there are lines about steps: those about epochs are means since the start. */
  private static List<Chart> pace(List<LogLine> timing) {
    List<LogLine> steps = timing.stream().filter(l -> l.kind() == LogLine.Kind.STEP).toList();
    List<LogLine> lines = steps.isEmpty() ? timing : steps;
    return List.of(
        new Chart(
            "Speed",
            " img/s",
            Chart.Scale.FROM_ZERO,
            List.of(Curve.of("training", Curve.Style.MAIN, lines, "imagesPerSecond"))),
        new Chart(
            "Waiting for images",
            " %",
            Chart.Scale.PERCENT,
            List.of(
                Curve.of(
                    "share of the time of steps",
                    Curve.Style.MAIN,
                    lines,
                    l -> 100 * l.values().getOrDefault("dataWait", Double.NaN)))),
        new Chart(
            "Memory of the process",
            " GB",
            Chart.Scale.FROM_ZERO,
            List.of(
                Curve.of(
                    "resident",
                    Curve.Style.MAIN,
                    lines,
                    l -> l.values().getOrDefault("residentBytes", Double.NaN) / 1e9))));
  }

  private static Set<String> names(List<LogLine> lines) {
    Set<String> names = new LinkedHashSet<>();
    lines.forEach(line -> names.addAll(line.values().keySet()));
    return names;
  }
}
