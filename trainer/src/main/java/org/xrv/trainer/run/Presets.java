package org.xrv.trainer.run;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.xrv.core.config.ConfigTree;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.error.Suggestions;

/** The settings files of configs/, which travel in the jar. */
public final class Presets {
  public static final String BASE = "base";
  public static final String QUICKSTART = "quickstart";
  public static final String CLASSIFIER = "classifier";
  public static final String QUICKSTART_CLASSIFIER = "quickstart-classifier";

  /** What --preset offers for autoencoders. */
  public static final List<String> AUTOENCODER = List.of(BASE, "paper", "short", QUICKSTART);

  /** What --preset offers for classifiers. */
  public static final List<String> CLASSIFIERS =
      List.of(CLASSIFIER, "phantom-classifier", QUICKSTART_CLASSIFIER);

  private Presets() {}

  /**
   * A preset over the file that has every setting.
   *
   * @param base {@link #BASE} or {@link #CLASSIFIER}
   */
  public static ConfigTree over(String base, String preset, List<String> known) {
    if (!known.contains(preset)) {
      throw new ProblemException(
          ProblemKind.USAGE,
          "no preset '"
              + preset
              + "'"
              + Suggestions.didYouMean(preset, known)
              + " (known: "
              + String.join(", ", known)
              + ")");
    }
    return preset.equals(base) ? read(base) : read(base).with(read(preset));
  }

  /** A file of configs/ by its name without ".yaml". */
  public static ConfigTree read(String name) {
    String resource = "/org/xrv/configs/" + name + ".yaml";
    try (InputStream in = Presets.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException(resource + " is not in this build");
      }
      return ConfigTree.parse(
          "configs/" + name + ".yaml", new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
