package org.xrv.zoo.cli;

import org.xrv.zoo.name.ModelVersion;
import org.xrv.zoo.store.Mark;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(name = "unyank", description = "Make a yanked version available again.")
final class UnyankCommand implements Runnable {
  @ParentCommand private XrvZoo program;

  @Parameters(paramLabel = "NAME:VERSION", description = "Such as ae-resnet101:1.2.0.")
  private String model;

  @Override
  public void run() {
    ModelVersion version = ModelVersion.parse(model);
    boolean was = program.zoo().unmark(version, Mark.YANKED);
    program.result(
        Json.model(version).put("changed", was),
        version + (was ? " is available again" : " was not yanked"));
  }
}
