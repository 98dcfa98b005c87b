package org.xrv.zoo.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.ArrayList;
import java.util.List;
import org.xrv.zoo.name.ModelReference;
import org.xrv.zoo.name.ModelVersion;
import org.xrv.zoo.store.LocalZoo;
import org.xrv.zoo.store.Resolved;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
    name = "rm",
    description = {
      "Delete the directory that pulls of a version handed out; the next pull makes it again. With",
      "--forget the version itself leaves this zoo, and gc deletes what only it needed."
    })
final class RemoveCommand implements Runnable {
  @ParentCommand private XrvZoo program;

  @Parameters(
      paramLabel = "REF",
      arity = "1..*",
      description = "Such as ae-resnet101:1.2.0; with --forget a full version.")
  private List<String> references;

  @Option(
      names = "--forget",
      description =
          "Remove the version from this zoo. Its name stays bound to its digest: the same bytes can"
              + " come back, others never get the name.")
  private boolean forget;

  @Override
  public void run() {
    LocalZoo zoo = program.zoo();
    ArrayNode json = Json.array();
    List<String> lines = new ArrayList<>();
    if (forget) {
      List<ModelVersion> versions = references.stream().map(ModelVersion::parse).toList();
      for (ModelVersion version : versions) {
        Resolved found = zoo.remove(version);
        json.add(Json.model(found.model(), found.digest()).put("forgotten", true));
        lines.add(found.model() + "@" + found.digest() + " is removed; xrv-zoo gc frees its bytes");
      }
    } else {
      for (ModelReference reference : references.stream().map(ModelReference::parse).toList()) {
        Resolved found = zoo.resolve(reference);
        boolean was = zoo.removeSnapshot(reference);
        json.add(Json.model(found.model(), found.digest()).put("changed", was));
        lines.add(
            found.model()
                + (was ? ": its directory is deleted; the version stays" : " was not pulled"));
      }
    }
    program.result(json, String.join(System.lineSeparator(), lines));
  }
}
