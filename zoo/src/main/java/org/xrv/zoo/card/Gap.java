package org.xrv.zoo.card;

import java.util.Objects;

/**
 * Something that a model should say and does not.
 *
 * @param file where it belongs
 * @param field what is missing: a key, or a section's title
 * @param advice what is wrong and what to write, as one sentence
 */
public record Gap(String file, String field, String advice) {
  public Gap {
    Objects.requireNonNull(file);
    Objects.requireNonNull(field);
    Objects.requireNonNull(advice);
  }

  /** One line. */
  @Override
  public String toString() {
    return file + ": " + field + ": " + advice;
  }
}
