package org.xrv.core.dataset.phantom;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.error.Suggestions;

/**
 * A spurious correlate: a device that goes with a finding, so that an explanation can be seen to
 * find the shortcut (or to miss it).
 *
 * @param device that says something about a finding, though it should not
 * @param finding that it says it about
 * @param probability that a patient with the finding carries the device, and that one without it
 *     does not; 0.5 makes the two independent
 */
public record Shortcut(Device device, Pathology finding, double probability) {
  private static final String WITH = "-with-";

  public Shortcut {
    if (!(probability >= 0 && probability <= 1)) {
      throw new ProblemException(
          ProblemKind.USAGE, "the shortcut's probability is " + probability + "; expected 0 to 1");
    }
  }

  /** How the settings name it, such as "chest-tube-with-Pneumothorax". */
  public String name() {
    return slug(device.title()) + WITH + finding.target().replace(' ', '-');
  }

  /** Every name, in the order of devices and findings. */
  public static List<String> names() {
    List<String> names = new ArrayList<>();
    for (Device device : Device.values()) {
      for (Pathology finding : Pathology.values()) {
        names.add(new Shortcut(device, finding, 0.5).name());
      }
    }
    return names;
  }

  /**
   * The shortcut of a name.
   *
   * @param name as {@link #name} writes it, in any case
   * @throws ProblemException USAGE when there is none of that name, or the probability is none
   */
  public static Shortcut of(String name, double probability) {
    for (Device device : Device.values()) {
      for (Pathology finding : Pathology.values()) {
        Shortcut shortcut = new Shortcut(device, finding, probability);
        if (shortcut.name().equalsIgnoreCase(name)) {
          return shortcut;
        }
      }
    }
    throw new ProblemException(
        ProblemKind.USAGE,
        "no shortcut \""
            + name
            + "\""
            + Suggestions.didYouMean(name, names())
            + "; expected DEVICE-with-FINDING, such as chest-tube-with-Pneumothorax");
  }

  /**
   * The shortcut of a text, "chest-tube-with-Pneumothorax=0.9".
   *
   * @throws ProblemException USAGE when it is none
   */
  public static Shortcut parse(String text) {
    int at = text.indexOf('=');
    try {
      return of(
          at < 0 ? text : text.substring(0, at).trim(),
          at < 0 ? Double.NaN : Double.parseDouble(text.substring(at + 1).trim()));
    } catch (NumberFormatException e) {
      throw new ProblemException(
          ProblemKind.USAGE,
          "the shortcut \""
              + text
              + "\" has no probability; write it as chest-tube-with-Pneumothorax=0.9",
          e);
    }
  }

  /** The pair of the settings. */
  public Map<String, Double> setting() {
    return Map.of(name(), probability);
  }

  /** For provenance, such as "chest tube with Pneumothorax: probability 0.900, else 0.100". */
  public String describe() {
    return String.format(
        Locale.ROOT,
        "%s with %s: probability %.3f, else %.3f",
        device.title(),
        finding.target(),
        probability,
        1 - probability);
  }

  private static String slug(String title) {
    return title.toLowerCase(Locale.ROOT).replace(' ', '-');
  }
}
