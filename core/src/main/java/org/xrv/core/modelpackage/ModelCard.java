package org.xrv.core.modelpackage;

import java.util.Locale;

/** The model card (README.md of a package), made from its description: nothing is said twice. */
public final class ModelCard {
  private ModelCard() {}

  /** Markdown text. */
  public static String of(ModelDescription d) {
    StringBuilder text = new StringBuilder();
    String title =
        d.name().isEmpty() ? "Unpublished " + word(d.kind()) : d.name() + " " + d.version();
    text.append("# ").append(title).append("\n\n").append(d.intendedUse()).append("\n\n");
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
      row(text, "Targets", String.join(", ", d.targets()) + " (" + word(d.outputs()) + ")");
    }
    row(text, "Trained on", String.join(", ", d.dataUse().sources()));
    row(text, "License", d.license());
    if (!d.dataUse().agreement().isEmpty()) {
      row(text, "Data-use agreement", d.dataUse().agreement());
    }
    if (!d.metrics().isEmpty()) {
      text.append("\n## Validation\n\n| metric | value |\n|---|---|\n");
      d.metrics()
          .forEach((key, value) -> row(text, key, String.format(Locale.ROOT, "%.4f", value)));
    }
    return text.toString();
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
