package org.xrv.zoo.cli;

import org.xrv.zoo.name.ModelVersion;
import org.xrv.zoo.store.Mark;
import org.xrv.zoo.store.Resolved;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
    name = "yank",
    description = {
      "Withdraw a version: latest, 1 and 1.2 pass over it, and pull refuses it, saying why, unless",
      "its digest is given. Its files stay. unyank takes it back."
    })
final class YankCommand implements Runnable {
  @ParentCommand private XrvZoo program;

  @Parameters(paramLabel = "NAME:VERSION", description = "Such as ae-resnet101:1.2.0.")
  private String model;

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      required = true,
      description = "One line for those who ask for the version.")
  private String reason;

  @Override
  public void run() {
    Resolved found = program.zoo().mark(ModelVersion.parse(model), Mark.YANKED, reason);
    program.result(
        Json.model(found.model(), found.digest()).put("yanked", reason.strip()),
        found.model() + "@" + found.digest() + " is yanked");
  }
}
