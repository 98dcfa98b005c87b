package org.xrv.zoo.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.zoo.name.Digest;
import org.xrv.zoo.name.ModelName;
import org.xrv.zoo.name.ModelVersion;
import org.xrv.zoo.name.PlacedReference;
import org.xrv.zoo.name.SemanticVersion;
import org.xrv.zoo.name.Tag;
import org.xrv.zoo.registry.RemoteModel;
import org.xrv.zoo.registry.RemoteZoo;
import org.xrv.zoo.store.LocalZoo;
import org.xrv.zoo.store.ModelVersions;
import org.xrv.zoo.store.VersionState;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(name = "versions", description = "List the versions of a model: digests, aliases, marks.")
final class VersionsCommand implements Runnable {
  @ParentCommand private XrvZoo program;

  @Parameters(paramLabel = "NAME", description = "Such as ae-resnet101 or mylab/ae-resnet101.")
  private String name;

  @Override
  public void run() {
    PlacedReference wanted = PlacedReference.parse(name);
    if (wanted.model().tagged() || wanted.model().digest().isPresent()) {
      throw new ProblemException(
          ProblemKind.USAGE, "versions needs a name alone, such as " + wanted.model().name());
    }
    Optional<RemoteZoo> remote = program.remote(wanted.place());
    if (remote.isPresent()) {
      list(remote.get(), wanted.model().name());
      return;
    }
    LocalZoo zoo = program.zoo();
    ModelVersions model = zoo.versions(wanted.model().name());
    SortedMap<String, SemanticVersion> aliases = new TreeMap<>(zoo.aliases(model.name()));
    zoo.latest(model.name()).ifPresent(version -> aliases.put(Tag.LATEST, version));
    ArrayNode json = Json.array();
    List<String> lines = new ArrayList<>();
    model
        .versions()
        .forEach(
            (version, digest) -> {
              ModelVersion one = new ModelVersion(model.name(), version);
              VersionState state = zoo.state(one);
              List<String> names =
                  aliases.entrySet().stream()
                      .filter(a -> a.getValue().equals(version))
                      .map(Map.Entry::getKey)
                      .toList();
              add(one, digest, state, names, json, lines);
            });
    program.result(json, String.join(System.lineSeparator(), lines));
  }

  private void list(RemoteZoo zoo, ModelName name) {
    RemoteModel model = zoo.versions(name);
    Map<String, Digest> aliases = new TreeMap<>();
    for (String alias : model.aliases()) {
      zoo.alias(name, new Tag.Alias(alias)).ifPresent(digest -> aliases.put(alias, digest));
    }
    ArrayNode json = Json.array();
    List<String> lines = new ArrayList<>();
    for (SemanticVersion version : model.versions()) {
      zoo.version(new ModelVersion(name, version))
          .ifPresent(
              found ->
                  add(
                      found.resolved().model(),
                      found.resolved().digest(),
                      found.state(),
                      aliases.entrySet().stream()
                          .filter(a -> a.getValue().equals(found.resolved().digest()))
                          .map(Map.Entry::getKey)
                          .toList(),
                      json,
                      lines));
    }
    program.result(json, String.join(System.lineSeparator(), lines));
  }

  private static void add(
      ModelVersion model,
      Digest digest,
      VersionState state,
      List<String> names,
      ArrayNode json,
      List<String> lines) {
    ObjectNode object = Json.withState(Json.model(model, digest), state);
    names.forEach(object.putArray("aliases")::add);
    json.add(object);
    lines.add(
        model.version()
            + "  "
            + digest
            + (names.isEmpty() ? "" : "  " + String.join(" ", names))
            + state.yanked().map(r -> "  yanked: " + r).orElse("")
            + state.deprecated().map(m -> "  deprecated: " + m).orElse(""));
  }
}
