package org.xrv.core.error;

import java.util.Objects;
import java.util.regex.Pattern;

/**
 * A problem that its message explains to the user in one line: what is wrong (file, row or key),
 * what was expected, and what to do. Command lines print the message without a stack trace.
 *
 * <p>Messages quote names and cells from files, and what libraries say: line breaks and other
 * control characters become blanks, and the middle of a message that is too long is left out.
 */
public final class ProblemException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private static final int LONGEST = 4000;

  /** Also what Unicode has for line ends. */
  private static final Pattern BREAKS = Pattern.compile("\\s*[\\p{Cntrl}\\x85\\u2028\\u2029]+\\s*");

  private final ProblemKind kind;

  public ProblemException(ProblemKind kind, String message) {
    this(kind, message, null);
  }

  public ProblemException(ProblemKind kind, String message, Throwable cause) {
    super(line(message), cause);
    this.kind = Objects.requireNonNull(kind);
  }

  private static String line(String message) {
    String shown = message;
    if (message.length() > LONGEST) {
      int half = LONGEST / 2;
      shown = message.substring(0, half) + " ... " + message.substring(message.length() - half);
    }
    return BREAKS.matcher(shown.strip()).replaceAll(" ");
  }

  public ProblemKind kind() {
    return kind;
  }
}
