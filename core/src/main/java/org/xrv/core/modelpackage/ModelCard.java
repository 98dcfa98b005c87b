package org.xrv.core.modelpackage;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The model card (README.md of a package), made from its description: nothing is said twice. */
public final class ModelCard {
  /** What stands where only the user can say something. */
  public static final String NOT_STATED = "Not stated.";

  private ModelCard() {}

  /** Markdown text. */
  public static String of(ModelDescription d) {
    StringBuilder text = new StringBuilder();
    String title =
        d.name().isEmpty() ? "Unpublished " + word(d.kind()) : d.name() + " " + d.version();
    text.append("# ").append(title).append("\n\n");
    text.append("| | |\n|---|---|\n");
    row(text, "Kind", word(d.kind()));
    d.architecture().forEach((key, value) -> row(text, key, String.valueOf(value)));
    row(
        text,
        "Input",
        String.format(
            Locale.ROOT,
            "[N, 1, %d, %d], pixels in [%.0f, %.0f], preprocessing `%s`",
            d.preprocessing().resolution(),
            d.preprocessing().resolution(),
            d.preprocessing().low(),
            d.preprocessing().high(),
            d.preprocessing().id()));
    if (!d.targets().isEmpty()) {
      // A target without a name is an output that was not trained.
      String targets =
          d.targets().stream().map(t -> t.isEmpty() ? "-" : t).collect(Collectors.joining(", "));
      row(text, "Targets", targets + " (" + word(d.outputs()) + ")");
    }
    row(text, "Trained on", String.join(", ", d.dataUse().sources()));
    row(text, "License", d.license());
    if (!d.dataUse().agreement().isEmpty()) {
      row(text, "Data-use agreement", d.dataUse().agreement());
    }
    section(text, "Intended use", d.intendedUse());
    section(
        text, "Limits", limits(d).stream().map(l -> "- " + l).collect(Collectors.joining("\n")));
    section(text, "Training data", String.join(", ", d.dataUse().sources()));
    section(text, "License", d.license());
    section(text, "Data use", dataUse(d.dataUse()));
    section(text, "Contact", "");
    text.append("\n## Validation\n\n");
    if (d.metrics().isEmpty()) {
      text.append(NOT_STATED).append('\n');
    } else {
      text.append("| metric | value |\n|---|---|\n");
      d.metrics()
          .forEach((key, value) -> row(text, key, String.format(Locale.ROOT, "%.4f", value)));
    }
    if (!d.targetDescriptions().isEmpty()) {
      targets(text, d.targetDescriptions());
    }
    return text.toString();
  }

  /** What a user of the model must know, one sentence each. */
  public static List<String> limits(ModelDescription d) {
    List<String> limits = new ArrayList<>();
    limits.add("No medical device: for research, not for diagnosis.");
    limits.add(
        String.format(
            Locale.ROOT,
            "For chest X-rays that were prepared by %s at %d x %d pixels; other images give numbers"
                + " that mean nothing.",
            d.preprocessing().id(),
            d.preprocessing().resolution(),
            d.preprocessing().resolution()));
    limits.add(
        d.metrics().isEmpty()
            ? "Nothing is known about how well it works."
            : "Validated on X-rays that were held back from its own training data, not on those of"
                + " other hospitals, devices or patients.");
    return limits;
  }

  private static String dataUse(ModelDescription.DataUse use) {
    List<String> terms = new ArrayList<>();
    if (!use.agreement().isEmpty()) {
      terms.add("Only for those who have accepted: " + use.agreement() + ".");
    }
    terms.add(
        use.redistributable()
            ? "The data sets' terms let the model be handed on."
            : "Not to be published or handed on unless the data sets' terms allow it.");
    if (use.researchOnly()) {
      terms.add("For research only.");
    }
    return String.join(" ", terms);
  }

  private static void section(StringBuilder text, String title, String content) {
    text.append("\n## ").append(title).append("\n\n");
    text.append(content.isEmpty() ? NOT_STATED : content).append('\n');
  }

  /** Two tables, as one would be too wide to read. */
  private static void targets(StringBuilder text, List<TargetDescription> targets) {
    text.append("\n## Targets\n\n")
        .append(
            "Validation images by label, areas under the ROC and precision-recall curves, and the")
        .append(
            " operating point: the finding is called present from this probability on (greatest")
        .append(" sensitivity + specificity - 1 on the same images).\n\n")
        .append("| target | positive | negative | unknown | AUC | AUPRC | present from")
        .append(" | sensitivity | specificity |\n|---|---|---|---|---|---|---|---|---|\n");
    for (TargetDescription t : targets) {
      TargetDescription.OperatingPoint point = t.operatingPoint();
      cells(
          text,
          t.name(),
          t.positives(),
          t.negatives(),
          t.unknown(),
          t.auc(),
          t.auprc(),
          point == null ? null : point.probability(),
          point == null ? null : point.sensitivity(),
          point == null ? null : point.specificity());
    }
    List<TargetDescription> calibrated =
        targets.stream().filter(t -> t.calibration() != null).toList();
    if (calibrated.isEmpty()) {
      return;
    }
    boolean applied = calibrated.get(0).calibration().applied();
    text.append("\n## Calibration\n\n")
        .append(
            applied
                ? "The outputs are calibrated: each is scale x logit + shift of what training gave."
                : "Not applied to the outputs: scale x logit + shift would be the calibrated logit.")
        .append(
            " Expected calibration error over 15 bins; after, each half of the images by the fit")
        .append(" of the other half.\n\n")
        .append("| target | scale | shift | error before | error after |\n|---|---|---|---|---|\n");
    for (TargetDescription t : calibrated) {
      TargetDescription.Calibration c = t.calibration();
      cells(text, t.name(), c.scale(), c.shift(), c.errorBefore(), c.errorAfter());
    }
  }

  private static void cells(StringBuilder text, Object... values) {
    text.append('|');
    for (Object value : values) {
      String cell =
          value == null
              ? "-"
              : value instanceof Double number
                  ? String.format(Locale.ROOT, "%.4f", number)
                  : value.toString().replace("|", "\\|");
      text.append(' ').append(cell).append(" |");
    }
    text.append('\n');
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private static void row(StringBuilder text, String key, String value) {
    if (!value.isEmpty()) {
      text.append("| ").append(key).append(" | ").append(value.replace("|", "\\|")).append(" |\n");
    }
  }
}
