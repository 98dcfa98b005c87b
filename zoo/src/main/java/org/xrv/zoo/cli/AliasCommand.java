package org.xrv.zoo.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Collectors;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.zoo.name.ModelName;
import org.xrv.zoo.name.ModelReference;
import org.xrv.zoo.name.ModelVersion;
import org.xrv.zoo.name.SemanticVersion;
import org.xrv.zoo.name.Tag;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
    name = "alias",
    description = "Names that move from version to version, such as ae-resnet101:stable.")
final class AliasCommand implements Runnable {
  @ParentCommand private XrvZoo program;

  /** One alias of one model. */
  private record Named(ModelName name, Tag.Alias alias) {
    static Named parse(String text) {
      ModelReference reference = ModelReference.parse(text);
      if (reference.digest().isEmpty() && reference.tag() instanceof Tag.Alias alias) {
        return new Named(reference.name(), alias);
      }
      throw new ProblemException(
          ProblemKind.USAGE,
          "'"
              + text
              + "' should be NAME:ALIAS with an alias of lower-case letters, digits and '-', such"
              + " as ae-resnet101:stable; latest, 1 and 1.2 are computed");
    }

    ObjectNode json() {
      return Json.object().put("name", name.toString()).put("alias", alias.alias());
    }

    @Override
    public String toString() {
      return name + ":" + alias;
    }
  }

  @Override
  public void run() {
    throw new ProblemException(
        ProblemKind.USAGE,
        "alias needs what to do: set NAME:ALIAS VERSION, rm NAME:ALIAS or list NAME");
  }

  @Command(name = "set", description = "Make an alias, or move it to another version.")
  void set(
      @Parameters(paramLabel = "NAME:ALIAS", description = "Such as ae-resnet101:stable.")
          String alias,
      @Parameters(paramLabel = "VERSION", description = "A full version, such as 1.2.0.")
          String version) {
    Named named = Named.parse(alias);
    SemanticVersion to = SemanticVersion.parse(version);
    Optional<SemanticVersion> before =
        program.zoo().setAlias(new ModelVersion(named.name(), to), named.alias());
    ObjectNode json = named.json().put("version", to.toString());
    before.ifPresent(v -> json.put("before", v.toString()));
    program.result(json, named + " is " + to + before.map(v -> ", before it was " + v).orElse(""));
  }

  @Command(name = "rm", description = "Remove an alias; the version stays.")
  void remove(
      @Parameters(paramLabel = "NAME:ALIAS", description = "Such as ae-resnet101:stable.")
          String alias) {
    Named named = Named.parse(alias);
    program.zoo().removeAlias(named.name(), named.alias());
    program.result(named.json(), named + " is removed");
  }

  @Command(name = "list", description = "List the aliases of a model.")
  void list(@Parameters(paramLabel = "NAME", description = "Such as ae-resnet101.") String name) {
    ModelName model = program.zoo().versions(ModelName.parse(name)).name();
    SortedMap<String, SemanticVersion> aliases = program.zoo().aliases(model);
    ObjectNode json = Json.object();
    aliases.forEach((alias, version) -> json.put(alias, version.toString()));
    if (aliases.isEmpty()) {
      program.remark(model + " has no aliases");
    }
    if (!aliases.isEmpty() || program.isJson()) {
      program.result(
          json,
          aliases.entrySet().stream()
              .map(e -> e.getKey() + "  " + e.getValue())
              .collect(Collectors.joining(System.lineSeparator())));
    }
  }
}
