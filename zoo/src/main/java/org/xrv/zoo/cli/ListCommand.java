package org.xrv.zoo.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.xrv.zoo.name.ModelVersion;
import org.xrv.zoo.name.SemanticVersion;
import org.xrv.zoo.registry.RemoteModel;
import org.xrv.zoo.registry.RemoteZoo;
import org.xrv.zoo.store.LocalZoo;
import org.xrv.zoo.store.ModelVersions;
import org.xrv.zoo.store.VersionState;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

@Command(name = "list", description = "List the models and their versions.")
final class ListCommand implements Runnable {
  @ParentCommand private XrvZoo program;

  @Override
  public void run() {
    Optional<RemoteZoo> remote = program.remote(Optional.empty());
    if (remote.isPresent()) {
      list(remote.get());
      return;
    }
    LocalZoo zoo = program.zoo();
    ArrayNode json = Json.array();
    List<String> lines = new ArrayList<>();
    for (ModelVersions model : zoo.list()) {
      ObjectNode one = json.addObject().put("name", model.name().toString());
      ArrayNode all = one.putArray("versions");
      ArrayNode yanked = one.putArray("yanked");
      StringBuilder line = new StringBuilder(model.name() + " ");
      for (SemanticVersion version : model.versions().keySet()) {
        VersionState state = zoo.state(new ModelVersion(model.name(), version));
        all.add(version.toString());
        state.yanked().ifPresent(reason -> yanked.add(version.toString()));
        line.append(' ').append(version);
        line.append(
            state.yanked().isPresent()
                ? " (yanked)"
                : state.deprecated().isPresent() ? " (deprecated)" : "");
      }
      lines.add(line.toString());
    }
    if (lines.isEmpty()) {
      program.remark("the zoo " + zoo.root() + " is empty");
    }
    if (!lines.isEmpty() || program.isJson()) {
      program.result(json, String.join(System.lineSeparator(), lines));
    }
  }

  private void list(RemoteZoo zoo) {
    ArrayNode json = Json.array();
    List<String> lines = new ArrayList<>();
    for (RemoteModel model : zoo.list()) {
      ArrayNode all = json.addObject().put("name", model.name().toString()).putArray("versions");
      model.versions().forEach(v -> all.add(v.toString()));
      lines.add(
          model.name()
              + "  "
              + model.versions().stream()
                  .map(SemanticVersion::toString)
                  .collect(Collectors.joining(" ")));
    }
    if (lines.isEmpty()) {
      program.remark("the zoo " + zoo.address() + " is empty");
    }
    if (!lines.isEmpty() || program.isJson()) {
      program.result(json, String.join(System.lineSeparator(), lines));
    }
  }
}
