package org.xrv.zoo.cli;

import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.zoo.name.ModelVersion;
import org.xrv.zoo.store.Mark;
import org.xrv.zoo.store.Resolved;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
    name = "deprecate",
    description = "Say of a version that something else is better: pull and show repeat it.")
final class DeprecateCommand implements Runnable {
  @ParentCommand private XrvZoo program;

  @Parameters(paramLabel = "NAME:VERSION", description = "Such as ae-resnet101:1.2.0.")
  private String model;

  @Option(
      names = "--message",
      paramLabel = "TEXT",
      description = "One line: what to use instead, or why.")
  private String message;

  @Option(names = "--undo", description = "The version is not deprecated any more.")
  private boolean undo;

  @Override
  public void run() {
    if (undo == (message != null)) {
      throw new ProblemException(
          ProblemKind.USAGE,
          "deprecate needs either --message TEXT, such as 'use ae-resnet101:2.0.0', or --undo");
    }
    ModelVersion version = ModelVersion.parse(model);
    if (undo) {
      boolean was = program.zoo().unmark(version, Mark.DEPRECATED);
      program.result(
          Json.model(version).put("changed", was),
          version + (was ? " is not deprecated any more" : " was not deprecated"));
      return;
    }
    Resolved found = program.zoo().mark(version, Mark.DEPRECATED, message);
    program.result(
        Json.model(found.model(), found.digest()).put("deprecated", message.strip()),
        found.model() + "@" + found.digest() + " is deprecated");
  }
}
