package org.xrv.zoo.cli;

import org.xrv.zoo.name.PlacedReference;
import org.xrv.zoo.registry.RemoteZoo;
import org.xrv.zoo.store.LocalZoo;
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
    PlacedReference wanted = PlacedReference.parse(reference);
    LocalZoo zoo = program.remote(wanted.place()).map(RemoteZoo::cache).orElseGet(program::zoo);
    Snapshot snapshot = zoo.pulled(wanted.model());
    program.result(PullCommand.json(snapshot), snapshot.directory().toString());
  }
}
