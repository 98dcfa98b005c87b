package org.xrv.zoo.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.xrv.core.cli.ProgramRunner;
import org.xrv.core.io.UserDirectories;

/** Runs the program on one zoo and keeps what it printed last. */
final class ZooRunner {
  private final Path zoo;
  private final UserDirectories user;
  private String out = "";
  private String err = "";

  ZooRunner(Path zoo) {
    this(zoo, zoo.resolveSibling("home"));
  }

  /** For a user whose files lie in a directory. */
  ZooRunner(Path zoo, Path home) {
    this.zoo = zoo;
    this.user = UserDirectories.of(Map.of(), home);
  }

  int run(String... arguments) {
    StringWriter results = new StringWriter();
    StringWriter remarks = new StringWriter();
    String[] all =
        Stream.concat(Stream.of(arguments), Stream.of("--zoo", zoo.toString()))
            .toArray(String[]::new);
    int code =
        ProgramRunner.run(
            new XrvZoo(user), new PrintWriter(results, true), new PrintWriter(remarks, true), all);
    out = results.toString();
    err = remarks.toString();
    return code;
  }

  /** Runs a command that has to succeed; gives what it printed. */
  String done(String... arguments) {
    assertEquals(0, run(arguments), err);
    return out.strip();
  }

  /** Runs a command that has to succeed, with --json. */
  JsonNode json(String... arguments) throws IOException {
    done(Stream.concat(Stream.of(arguments), Stream.of("--json")).toArray(String[]::new));
    return new ObjectMapper().readTree(out);
  }

  /** Runs a command that has to end with a code and one line that has the given part. */
  void refused(int code, String part, String... arguments) {
    assertEquals(code, run(arguments), err);
    assertEquals(1, err.lines().count(), err);
    assertTrue(err.contains(part), err + " should contain " + part);
    assertEquals("", out);
  }

  /** The standard error of the last run. */
  String err() {
    return err;
  }
}
