package org.xrv.converter.cli;

import picocli.CommandLine.Command;

@Command(
    name = "samediff",
    description = "Write a model as a file of Deeplearning4j's SameDiff (optional module).")
final class SameDiffCommand extends ExportCommand {
  SameDiffCommand() {
    super(
        "samediff",
        "the module samediff is not built; build it once (it downloads about 130 MB of"
            + " Deeplearning4j) with: ./mvnw -Psamediff -DskipTests package");
  }
}
