package org.xrv.zoo.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.error.Suggestions;
import org.xrv.zoo.bundle.Bundle;
import org.xrv.zoo.bundle.Selection;
import org.xrv.zoo.lock.LockFile;
import org.xrv.zoo.name.ModelReference;
import org.xrv.zoo.name.Tag;
import org.xrv.zoo.store.IndexEntry;
import org.xrv.zoo.store.LocalZoo;
import org.xrv.zoo.store.Snapshot;
import org.xrv.zoo.store.VersionState;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
    name = "pull",
    description = "Verify a model and print the directory that holds it, read-only.")
final class PullCommand implements Runnable {
  @ParentCommand private XrvZoo program;
  @Mixin private LockOptions lock;

  @Parameters(
      paramLabel = "REF",
      arity = "0..1",
      description = "Such as ae-resnet101 or ae-resnet101:1.2; with --locked, all without it.")
  private String reference;

  @Option(
      names = "--locked",
      description = "Pull exactly what the lock file has for REF; see xrv-zoo lock.")
  private boolean locked;

  @Option(
      names = "--from",
      paramLabel = "FILE.tar|DIR",
      description =
          "Take it from this bundle, OCI image layout or copy of a zoo; the zoo keeps it"
              + " afterwards.")
  private Path from;

  @Override
  public void run() {
    if (reference == null && !locked) {
      throw new ProblemException(
          ProblemKind.USAGE, "pull needs a model, such as ae-resnet101:1.2, or --locked");
    }
    List<String> directories = new ArrayList<>();
    ArrayNode json = Json.array();
    for (ModelReference wanted : wanted()) {
      Snapshot snapshot = from == null ? program.zoo().pull(wanted) : pullFrom(wanted);
      VersionState state = program.zoo().state(snapshot.model());
      program.remark(snapshot.model() + "@" + snapshot.digest());
      program.warn(snapshot.model(), state);
      json.add(Json.withState(json(snapshot), state));
      directories.add(snapshot.directory().toString());
    }
    program.result(
        reference == null ? json : json.get(0), String.join(System.lineSeparator(), directories));
  }

  private Snapshot pullFrom(ModelReference wanted) {
    try (Bundle bundle = Bundle.open(from)) {
      LocalZoo zoo = program.zoo();
      IndexEntry found = Selection.find(bundle, wanted);
      zoo.adopt(List.of(found), bundle);
      program.say(zoo.take(bundle.statements().about(List.of(found.model()))));
      return zoo.pull(
          new ModelReference(
              found.model().name(),
              new Tag.Exact(found.model().version()),
              true,
              wanted.digest())); // with a digest even a yanked version is given
    }
  }

  private List<ModelReference> wanted() {
    if (!locked) {
      return List.of(ModelReference.parse(reference));
    }
    LockFile file =
        lock.read()
            .orElseThrow(
                () ->
                    new ProblemException(
                        ProblemKind.NOT_FOUND,
                        "there is no " + lock.file() + "; xrv-zoo lock REF writes it"));
    List<ModelReference> references =
        reference == null
            ? List.copyOf(file.references())
            : List.of(ModelReference.parse(reference));
    return references.stream()
        .map(r -> file.pinned(r).orElseThrow(() -> notLocked(r, file)))
        .toList();
  }

  private ProblemException notLocked(ModelReference wanted, LockFile file) {
    return new ProblemException(
        ProblemKind.NOT_FOUND,
        lock.file()
            + " has no '"
            + wanted
            + "'"
            + Suggestions.didYouMean(wanted.toString(), file.models().keySet())
            + " (xrv-zoo lock "
            + wanted
            + " adds it; it has: "
            + String.join(", ", file.models().keySet())
            + ")");
  }

  static ObjectNode json(Snapshot snapshot) {
    return Json.model(snapshot.model(), snapshot.digest())
        .put("directory", snapshot.directory().toString());
  }
}
