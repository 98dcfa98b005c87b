package org.xrv.zoo.trust;

import java.util.regex.Pattern;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;

/**
 * Namespaces that a key is trusted for.
 *
 * @param text a namespace in which * stands for any characters
 */
public record NamespacePattern(String text) {
  private static final Pattern ALLOWED = Pattern.compile("[a-z0-9._*-]{1,128}");

  /** All of them. */
  public static final NamespacePattern ANY = new NamespacePattern("*");

  public NamespacePattern {
    if (!ALLOWED.matcher(text).matches()) {
      throw new ProblemException(
          ProblemKind.USAGE,
          "'"
              + text
              + "' is no pattern of namespaces; write one such as mylab or mylab-*, without the"
              + " model's name");
    }
  }

  public boolean matches(String namespace) {
    String pattern = text.replace(".", "\\.").replaceAll("\\*+", ".*");
    return namespace.matches(pattern);
  }

  /** Whether it says more than "all". */
  public boolean isNarrow() {
    return !text.matches("\\*+");
  }

  @Override
  public String toString() {
    return text;
  }
}
