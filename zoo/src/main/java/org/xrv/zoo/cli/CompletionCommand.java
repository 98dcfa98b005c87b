package org.xrv.zoo.cli;

import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
    name = "completion",
    description = {
      "Print what makes a shell complete commands and options:",
      "source <(xrv-zoo completion bash)"
    })
final class CompletionCommand implements Runnable {
  @ParentCommand private XrvZoo program;

  @Parameters(paramLabel = "SHELL", description = "bash, or zsh.")
  private String shell;

  @Override
  public void run() {
    if (!shell.equals("bash") && !shell.equals("zsh")) {
      throw new ProblemException(
          ProblemKind.USAGE, "there is no completion for '" + shell + "'; name bash or zsh");
    }
    // One script serves both; what it begins with makes zsh read it as bash does.
    program.print(AutoComplete.bash("xrv-zoo", program.commandLine()));
  }
}
