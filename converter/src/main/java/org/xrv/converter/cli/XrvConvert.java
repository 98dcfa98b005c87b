package org.xrv.converter.cli;

import java.io.PrintWriter;
import org.xrv.core.cli.CommonOptions;
import org.xrv.core.cli.ExitCodes;
import org.xrv.core.cli.Program;
import org.xrv.core.cli.ProgramRunner;
import org.xrv.core.cli.Version;
import org.xrv.core.error.ProblemKind;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** Brings weights and graphs in and out, proven equal. */
@Command(
    name = "xrv-convert",
    description = "Brings weights and graphs in and out, proven equal.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    scope = ScopeType.INHERIT,
    sortOptions = false,
    subcommands = {
      // one line per command, in the order of the help
      TorchCommand.class,
      OnnxCommand.class,
      GradientCommand.class,
      TorchScriptCommand.class,
      SameDiffCommand.class,
      SafetensorsCommand.class,
      VerifyCommand.class,
      InspectCommand.class
    })
public final class XrvConvert implements Program, Runnable {
  private static final ExitCodes EXIT_CODES =
      ExitCodes.common()
          .with(
              3, "a file is missing, damaged, or of a kind that is not read", ProblemKind.BAD_DATA)
          .with(4, "runtimes differ by more than the limit", ProblemKind.PARITY)
          .with(12, "disk full, or permission missing", ProblemKind.DISK);

  @Mixin private CommonOptions common;
  @Spec private CommandSpec spec;

  @Option(names = "--json", description = "Print the result as JSON.", scope = ScopeType.INHERIT)
  private boolean json;

  public static void main(String[] args) {
    ProgramRunner.main(new XrvConvert(), args);
  }

  @Override
  public CommonOptions common() {
    return common;
  }

  @Override
  public ExitCodes exitCodes() {
    return EXIT_CODES;
  }

  @Override
  public void run() {
    spec.commandLine().usage(out());
  }

  boolean isJson() {
    return json;
  }

  /** Results. */
  PrintWriter out() {
    return spec.commandLine().getOut();
  }

  /** A remark for people, beside the result. */
  void remark(String text) {
    if (!common.quiet()) {
      spec.commandLine().getErr().println(text);
    }
  }
}
