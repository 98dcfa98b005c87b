package org.xrv.zoo.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.ArrayList;
import java.util.List;
import org.xrv.zoo.name.ModelName;
import org.xrv.zoo.name.ModelVersion;
import org.xrv.zoo.store.ModelVersions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(name = "versions", description = "List the versions of a model, with their digests.")
final class VersionsCommand implements Runnable {
  @ParentCommand private XrvZoo program;

  @Parameters(paramLabel = "NAME", description = "Such as ae-resnet101 or mylab/ae-resnet101.")
  private String name;

  @Override
  public void run() {
    ModelVersions model = program.zoo().versions(ModelName.parse(name));
    ArrayNode json = Json.array();
    List<String> lines = new ArrayList<>();
    model
        .versions()
        .forEach(
            (version, digest) -> {
              json.add(Json.model(new ModelVersion(model.name(), version), digest));
              lines.add(version + "  " + digest);
            });
    program.result(json, String.join(System.lineSeparator(), lines));
  }
}
