package org.xrv.trainer.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Everything about data sets that is not training. */
@Command(
    name = "data",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Lists, checks, shows and prepares data sets; see docs/data.md.",
    subcommands = {
      DataListCommand.class,
      DataManifestCommand.class,
      DataCheckCommand.class,
      DataShowCommand.class,
      DataPrepareCommand.class,
      DataPhantomCommand.class
    })
final class DataCommand implements Runnable {
  @ParentCommand private XrvTrain parent;
  @Spec private CommandSpec spec;

  XrvTrain parent() {
    return parent;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a command is missing after data");
  }
}
