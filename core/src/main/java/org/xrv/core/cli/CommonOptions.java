package org.xrv.core.cli;

import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The options of every program and all its commands; a mixin of the top command. */
public final class CommonOptions {
  @Option(
      names = "--stacktrace",
      description = "On an error, print where in the program it came from.",
      scope = ScopeType.INHERIT)
  private boolean stacktrace;

  @Option(
      names = {"-q", "--quiet"},
      description = "Print results and errors only, no progress.",
      scope = ScopeType.INHERIT)
  private boolean quiet;

  public boolean stacktrace() {
    return stacktrace;
  }

  public boolean quiet() {
    return quiet;
  }
}
