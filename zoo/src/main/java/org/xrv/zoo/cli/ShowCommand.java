package org.xrv.zoo.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.xrv.zoo.name.PlacedReference;
import org.xrv.zoo.registry.RemoteZoo;
import org.xrv.zoo.store.ModelDetails;
import org.xrv.zoo.store.PackageFile;
import org.xrv.zoo.store.VersionState;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(name = "show", description = "Show a version: its files and its description.")
final class ShowCommand implements Runnable {
  @ParentCommand private XrvZoo program;

  @Parameters(paramLabel = "REF", description = "Such as ae-resnet101 or ae-resnet101:1.2.")
  private String reference;

  @Override
  public void run() {
    PlacedReference wanted = PlacedReference.parse(reference);
    Optional<RemoteZoo> remote = program.remote(wanted.place());
    ModelDetails model =
        remote
            .map(zoo -> zoo.show(wanted.model()))
            .orElseGet(() -> program.zoo().show(wanted.model()));
    VersionState state = remote.map(RemoteZoo::cache).orElseGet(program::zoo).state(model.model());
    ObjectNode json =
        Json.withState(Json.model(model.model(), model.digest()), state).put("size", model.size());
    ArrayNode files = json.putArray("files");
    List<String> lines = new ArrayList<>();
    lines.add(model.model() + "@" + model.digest());
    state.yanked().ifPresent(reason -> lines.add("yanked: " + reason));
    state.deprecated().ifPresent(message -> lines.add("deprecated: " + message));
    for (PackageFile file : model.files()) {
      files
          .addObject()
          .put("path", file.path().text())
          .put("size", file.blob().size())
          .put("digest", file.blob().digest().toString());
      lines.add(
          String.format(
              Locale.ROOT,
              "%,15d bytes  %s  %s",
              file.blob().size(),
              file.blob().digest(),
              file.path()));
    }
    json.putRawValue("description", new RawValue(model.description().strip()));
    lines.add(model.description().strip());
    program.result(json, String.join(System.lineSeparator(), lines));
  }
}
