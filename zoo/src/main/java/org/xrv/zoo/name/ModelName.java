package org.xrv.zoo.name;

import java.util.Comparator;
import java.util.regex.Pattern;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;

/**
 * A model's name with its namespace. Both follow the OCI distribution specification's rule for one
 * path component, so that every registry accepts them.
 *
 * @param namespace such as {@code library}, where names without one live
 * @param name such as {@code ae-resnet101}
 */
public record ModelName(String namespace, String name) implements Comparable<ModelName> {
  /** The namespace of a name that states none, as OCI tools call it. */
  public static final String DEFAULT_NAMESPACE = "library";

  // The quantifiers are possessive: a hostile name must not make the matcher go back and forth.
  private static final Pattern COMPONENT =
      Pattern.compile("[a-z0-9]++(?:(?:\\.|__|_|-++)[a-z0-9]++)*+");

  /** Keeps every file name that contains a name below the usual limit of 255 bytes. */
  private static final int MAX_LENGTH = 128;

  private static final Comparator<ModelName> ORDER =
      Comparator.comparing(ModelName::namespace).thenComparing(ModelName::name);

  public ModelName {
    require("namespace", namespace);
    require("name", name);
  }

  /**
   * Parses {@code [namespace/]name}.
   *
   * @throws ProblemException USAGE, saying what is allowed
   */
  public static ModelName parse(String text) {
    int slash = text.indexOf('/');
    return slash < 0
        ? new ModelName(DEFAULT_NAMESPACE, text)
        : new ModelName(text.substring(0, slash), text.substring(slash + 1));
  }

  /** Whether a text may be a namespace or a name. */
  public static boolean isComponent(String text) {
    return text.length() <= MAX_LENGTH && COMPONENT.matcher(text).matches();
  }

  private static void require(String what, String text) {
    if (!isComponent(text)) {
      throw new ProblemException(
          ProblemKind.USAGE,
          "'"
              + text
              + "' is not a model "
              + what
              + "; use at most "
              + MAX_LENGTH
              + " lower-case letters and digits, with '.', '_', '__' or '-' between them, such as"
              + " ae-resnet101 (with a namespace: mylab/ae-resnet101)");
    }
  }

  @Override
  public int compareTo(ModelName other) {
    return ORDER.compare(this, other);
  }

  /** {@code namespace/name}; the default namespace is not written. */
  @Override
  public String toString() {
    return namespace.equals(DEFAULT_NAMESPACE) ? name : namespace + "/" + name;
  }
}
