package org.xrv.core.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;

/**
 * A program as a user runs it, in this process.
 *
 * @param code that it ended with
 * @param out its results
 * @param err its remarks and errors
 */
public record CommandRun(int code, String out, String err) {
  /** Runs; arguments are what their toString says, such as paths and numbers. */
  public static CommandRun of(Program program, Object... arguments) {
    StringWriter results = new StringWriter();
    StringWriter remarks = new StringWriter();
    int code =
        ProgramRunner.run(
            program,
            new PrintWriter(results, true),
            new PrintWriter(remarks, true),
            Arrays.stream(arguments).map(Object::toString).toArray(String[]::new));
    return new CommandRun(code, results.toString(), remarks.toString());
  }
}
