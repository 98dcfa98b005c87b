package org.xrv.explainer.render;

import java.util.Locale;
import org.xrv.explainer.Explanation;
import org.xrv.explainer.search.LambdaRange;

/** The words on the pictures. */
final class Captions {
  static final String PHANTOM = "phantom (not a patient)";
  static final String RESEARCH = "research use, not for diagnosis";

  private Captions() {}

  static String probability(double p) {
    if (p > 0 && p < 0.0001) {
      return "< 0.0001";
    } else if (p > 0.9999 && p < 1) {
      return "> 0.9999";
    }
    return String.format(Locale.ROOT, p < 0.01 || p > 0.99 ? "%.4f" : "%.3f", p);
  }

  /** Four significant digits, without an exponent where that is short. */
  static String lambda(double lambda) {
    double size = Math.abs(lambda);
    String text =
        size == 0 || (size >= 0.01 && size < 1e5)
            ? String.format(Locale.ROOT, size < 10 ? "%.2f" : size < 1000 ? "%.1f" : "%.0f", size)
            : String.format(Locale.ROOT, "%.1e", size);
    return (lambda < 0 ? "\u2212" : "") + text;
  }

  static String method(Explanation e) {
    String range =
        e.request().search() instanceof LambdaRange
            ? "given range"
            : "search " + e.request().search().title();
    return "Latent Shift, "
        + range
        + ": \u03bb from "
        + lambda(e.search().left().lambda())
        + " to "
        + lambda(e.search().right().lambda())
        + ", "
        + e.frames().size()
        + " frames; "
        + e.search().stopped();
  }

  static String movement(Explanation e) {
    double low = e.frames().stream().mapToDouble(f -> f.prediction()).min().orElse(0);
    double high = e.frames().stream().mapToDouble(f -> f.prediction()).max().orElse(0);
    return "frames: "
        + probability(low)
        + " to "
        + probability(high)
        + (e.search().isFlat() ? " (hardly moved: this explains little)" : "");
  }
}
