package org.xrv.core.cli;

import java.io.PrintWriter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/**
 * A program that is a set of commands: results on the standard output, for people or, with --json,
 * for programs; remarks beside them. Alone it prints its help.
 */
public abstract class CommandLineProgram implements Program, Runnable {
  @Mixin private CommonOptions common;
  @Spec private CommandSpec spec;

  @Option(names = "--json", description = "Print the result as JSON.", scope = ScopeType.INHERIT)
  private boolean json;

  @Override
  public final CommonOptions common() {
    return common;
  }

  @Override
  public void run() {
    spec.commandLine().usage(out());
  }

  /** Whether the result is for a program. */
  public final boolean isJson() {
    return json;
  }

  /** Results. */
  public final PrintWriter out() {
    return spec.commandLine().getOut();
  }

  /** A remark for people, beside the result. */
  public final void remark(String text) {
    if (!common.quiet()) {
      spec.commandLine().getErr().println(text);
    }
  }
}
