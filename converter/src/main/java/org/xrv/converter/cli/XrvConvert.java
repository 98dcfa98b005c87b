package org.xrv.converter.cli;

import org.xrv.core.cli.CommandLineProgram;
import org.xrv.core.cli.ExitCodes;
import org.xrv.core.cli.ProgramRunner;
import org.xrv.core.cli.Version;
import org.xrv.core.error.ProblemKind;
import picocli.CommandLine.Command;
import picocli.CommandLine.ScopeType;

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
public final class XrvConvert extends CommandLineProgram {
  private static final ExitCodes EXIT_CODES =
      ExitCodes.common()
          .with(
              3, "a file is missing, damaged, or of a kind that is not read", ProblemKind.BAD_DATA)
          .with(4, "runtimes differ by more than the limit", ProblemKind.PARITY)
          .with(12, "disk full, or permission missing", ProblemKind.DISK);

  public static void main(String[] args) {
    ProgramRunner.main(new XrvConvert(), args);
  }

  @Override
  public ExitCodes exitCodes() {
    return EXIT_CODES;
  }
}
