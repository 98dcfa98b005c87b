package org.xrv.core.cli;

import java.io.PrintWriter;
import java.util.List;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Runs a picocli command the way all programs of the toolkit behave: results on the standard
 * output; on the standard error one line per problem, a stack trace only on request; exit codes as
 * documented in the help.
 */
public final class ProgramRunner {
  private static final int HELP_WIDTH = 110;

  private ProgramRunner() {}

  /** Runs on the standard streams and ends the process. */
  public static void main(Program program, String[] args) {
    PrintWriter out = new PrintWriter(System.out, true, java.nio.charset.StandardCharsets.UTF_8);
    PrintWriter err = new PrintWriter(System.err, true, java.nio.charset.StandardCharsets.UTF_8);
    int code = run(program, out, err, args);
    out.flush();
    err.flush();
    System.exit(code);
  }

  /** Runs and tells the exit code. */
  public static int run(Program program, PrintWriter out, PrintWriter err, String... args) {
    CommandLine line = new CommandLine(program);
    line.setOut(out).setErr(err);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setUsageHelpWidth(HELP_WIDTH);
    line.setAbbreviatedOptionsAllowed(false);
    describe(line, program.exitCodes());
    line.setParameterExceptionHandler((e, a) -> misused(e, err));
    line.setExecutionExceptionHandler(
        (e, command, result) -> failed(e, program, name(command), err));
    try {
      return line.execute(args);
    } catch (VirtualMachineError e) {
      // picocli hands Exceptions to the handler, Errors it lets through.
      return failed(e, program, name(line), err);
    }
  }

  private static void describe(CommandLine line, ExitCodes codes) {
    line.getCommandSpec().usageMessage().exitCodeListHeading("%nExit codes:%n");
    line.getCommandSpec().usageMessage().exitCodeList(codes.help());
    line.getSubcommands().values().forEach(sub -> describe(sub, codes));
  }

  private static String name(CommandLine command) {
    return command.getCommandSpec().qualifiedName(" ");
  }

  private static int misused(ParameterException e, PrintWriter err) {
    String hint = "";
    if (e instanceof UnmatchedArgumentException unmatched) {
      List<String> near = unmatched.getSuggestions();
      if (!near.isEmpty()) {
        hint = "; did you mean '" + near.get(0) + "'?";
      }
    }
    String name = name(e.getCommandLine());
    err.println(
        name
            + ": "
            + oneLine(e.getMessage())
            + hint
            + " ("
            + name
            + " --help lists what there is)");
    return ExitCodes.USAGE;
  }

  private static int failed(Throwable e, Program program, String name, PrintWriter err) {
    if (program.common().stacktrace()) {
      e.printStackTrace(err);
    }
    if (e instanceof ProblemException problem) {
      err.println(name + ": " + oneLine(problem.getMessage()));
      return program.exitCodes().of(problem.kind());
    }
    if (e instanceof OutOfMemoryError) {
      err.println(
          name
              + ": out of memory ("
              + oneLine(e.getMessage())
              + "); raise it with XRV_JAVA_OPTS=-Xmx8g");
      return program.exitCodes().of(ProblemKind.OUT_OF_MEMORY);
    }
    err.println(
        name
            + ": internal error: "
            + oneLine(e.toString())
            + (program.common().stacktrace() ? "" : "; --stacktrace shows where"));
    return ExitCodes.INTERNAL;
  }

  private static String oneLine(String message) {
    return message == null ? "" : message.strip().replaceAll("\\s*\\R\\s*", " ");
  }
}
