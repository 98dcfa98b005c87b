package org.xrv.zoo.server;

import java.util.Objects;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.zoo.name.ModelName;

/**
 * Some models by their names: {@code *} for all, {@code mylab/*} for a namespace, or one name.
 *
 * @param text as written
 */
record NamePattern(String text) {
  private static final String ALL = "*";
  private static final String REST = "/*";

  NamePattern {
    Objects.requireNonNull(text);
    if (!text.equals(ALL)) {
      if (!text.endsWith(REST)) {
        ModelName.parse(text);
      } else if (!ModelName.isComponent(text.substring(0, text.length() - REST.length()))) {
        throw new ProblemException(
            ProblemKind.USAGE,
            "'" + text + "' names no models; write * (all), mylab/* (a namespace) or mylab/ae");
      }
    }
  }

  boolean matches(ModelName name) {
    return text.equals(ALL)
        || (text.endsWith(REST)
            ? text.equals(name.namespace() + REST)
            : ModelName.parse(text).equals(name));
  }

  @Override
  public String toString() {
    return text;
  }
}
