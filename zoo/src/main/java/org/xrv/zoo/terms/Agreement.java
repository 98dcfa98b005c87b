package org.xrv.zoo.terms;

import java.text.Normalizer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * An agreement about the use of data.
 *
 * @param text as the data set's manifest has it; what is in brackets explains
 */
public record Agreement(String text) {
  private static final String SEPARATOR = ";";

  /** The agreements that a description lists, separated by semicolons. */
  static List<Agreement> list(String texts) {
    return Arrays.stream(texts.split(SEPARATOR, -1))
        .map(String::strip)
        .filter(t -> !t.isEmpty())
        .distinct()
        .map(Agreement::new)
        .toList();
  }

  /**
   * What is typed to accept it: the text without what is in brackets, in lower-case letters,
   * digits, dots and hyphens.
   */
  public String id() {
    String plain =
        Normalizer.normalize(text.replaceAll("\\([^)]*\\)", " "), Normalizer.Form.NFKD)
            .toLowerCase(Locale.ROOT)
            .replaceAll("[^a-z0-9.]+", "-")
            .replaceAll("^[-.]+|[-.]+$", "");
    return plain.isEmpty() ? "agreement" : plain;
  }
}
