package org.xrv.zoo.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.xrv.zoo.name.ModelReference;
import org.xrv.zoo.store.Snapshot;
import org.xrv.zoo.store.VersionState;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
    name = "pull",
    description = "Verify a model and print the directory that holds it, read-only.")
final class PullCommand implements Runnable {
  @ParentCommand private XrvZoo program;

  @Parameters(paramLabel = "REF", description = "Such as ae-resnet101 or ae-resnet101:1.2.")
  private String reference;

  @Override
  public void run() {
    Snapshot snapshot = program.zoo().pull(ModelReference.parse(reference));
    VersionState state = program.zoo().state(snapshot.model());
    program.remark(snapshot.model() + "@" + snapshot.digest());
    program.warn(snapshot.model(), state);
    program.result(Json.withState(json(snapshot), state), snapshot.directory().toString());
  }

  static ObjectNode json(Snapshot snapshot) {
    return Json.model(snapshot.model(), snapshot.digest())
        .put("directory", snapshot.directory().toString());
  }
}
