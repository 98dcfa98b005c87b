package org.xrv.core.error;

import java.util.Objects;

/**
 * A problem that its message explains to the user in one line: what is wrong (file, row or key),
 * what was expected, and what to do. Command lines print the message without a stack trace.
 */
public final class ProblemException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final ProblemKind kind;

  public ProblemException(ProblemKind kind, String message) {
    this(kind, message, null);
  }

  public ProblemException(ProblemKind kind, String message, Throwable cause) {
    super(Objects.requireNonNull(message), cause);
    this.kind = Objects.requireNonNull(kind);
  }

  public ProblemKind kind() {
    return kind;
  }
}
