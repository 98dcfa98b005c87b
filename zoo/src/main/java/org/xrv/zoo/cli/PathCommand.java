package org.xrv.zoo.cli;

import org.xrv.zoo.name.ModelReference;
import org.xrv.zoo.store.Snapshot;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
    name = "path",
    description = "Print the directory of a model that was pulled before, without reading it.")
final class PathCommand implements Runnable {
  @ParentCommand private XrvZoo program;

  @Parameters(paramLabel = "REF", description = "Such as ae-resnet101 or ae-resnet101:1.2.")
  private String reference;

  @Override
  public void run() {
    Snapshot snapshot = program.zoo().pulled(ModelReference.parse(reference));
    program.result(PullCommand.json(snapshot), snapshot.directory().toString());
  }
}
