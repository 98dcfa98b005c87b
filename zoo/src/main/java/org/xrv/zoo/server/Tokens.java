package org.xrv.zoo.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.xrv.core.error.ProblemException;

/**
 * The tokens of a running server, read again when their file changes. A file that cannot be read
 * leaves the tokens as they were, and a line for the operator: an editor may be writing it.
 */
final class Tokens {
  /** A file may change again without a new time, so one this young is read again. */
  private static final Duration FRESH = Duration.ofSeconds(2);

  private record State(long modified, long size, Object key) {
    static final State NONE = new State(-1, -1, "");

    static State of(Path file) {
      try {
        BasicFileAttributes a = Files.readAttributes(file, BasicFileAttributes.class);
        Object key = a.fileKey();
        return new State(a.lastModifiedTime().toMillis(), a.size(), key == null ? "" : key);
      } catch (IOException e) {
        return NONE;
      }
    }
  }

  private final Path file;
  private final Clock clock;
  private final Consumer<String> operator;
  private List<Token> tokens;
  private State read = State.NONE;
  private String problem = "";

  /**
   * Reads a file.
   *
   * @throws ProblemException when it cannot be read
   */
  Tokens(Path file, Clock clock, Consumer<String> operator) {
    this.file = file;
    this.clock = clock;
    this.operator = operator;
    State state = State.of(file);
    this.tokens = TokenFile.read(file);
    this.read = settled(state);
  }

  synchronized List<Token> all() {
    State now = State.of(file);
    if (!now.equals(read)) {
      reload(now);
    }
    return tokens;
  }

  private void reload(State now) {
    try {
      List<Token> found = TokenFile.read(file);
      if (!found.equals(tokens) || !problem.isEmpty()) {
        operator.accept("tokens: " + found.size() + " read from " + file);
      }
      tokens = found;
      problem = "";
      read = settled(now);
    } catch (ProblemException e) {
      read = settled(now);
      if (!problem.equals(e.getMessage())) {
        problem = e.getMessage();
        operator.accept("tokens: " + problem + " (the earlier ones are still in force)");
      }
    }
  }

  private State settled(State state) {
    boolean young = state.modified() > clock.millis() - FRESH.toMillis();
    return young ? State.NONE : state;
  }
}
