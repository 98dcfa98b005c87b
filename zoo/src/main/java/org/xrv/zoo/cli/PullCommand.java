package org.xrv.zoo.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.error.Suggestions;
import org.xrv.zoo.bundle.Bundle;
import org.xrv.zoo.bundle.Selection;
import org.xrv.zoo.lock.LockFile;
import org.xrv.zoo.name.ModelReference;
import org.xrv.zoo.name.PlacedReference;
import org.xrv.zoo.name.Tag;
import org.xrv.zoo.registry.RemoteZoo;
import org.xrv.zoo.store.Admission;
import org.xrv.zoo.store.IndexEntry;
import org.xrv.zoo.store.LocalZoo;
import org.xrv.zoo.store.Snapshot;
import org.xrv.zoo.store.VersionState;
import org.xrv.zoo.terms.AcceptedTerms;
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
  @Mixin private TrustOptions trust;

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

  @Option(
      names = "--accept-dua",
      paramLabel = "ID",
      split = ",",
      description =
          "State, once, that you have accepted this agreement about the data that the model was"
              + " trained on.")
  private Set<String> accepted = Set.of();

  @Override
  public void run() {
    if (reference == null && !locked) {
      throw new ProblemException(
          ProblemKind.USAGE, "pull needs a model, such as ae-resnet101:1.2, or --locked");
    }
    List<String> directories = new ArrayList<>();
    ArrayNode json = Json.array();
    AcceptedTerms terms = AcceptedTerms.of(program.user()).accepting(accepted);
    // Terms are asked for before anything large is copied.
    Admission admission = trust.admission(program).and(Admission.accepted(terms));
    for (PlacedReference wanted : wanted()) {
      Optional<RemoteZoo> remote =
          from == null
              ? program.remote(wanted.place()).map(zoo -> zoo.with(admission, terms))
              : Optional.empty();
      LocalZoo zoo = remote.map(RemoteZoo::cache).orElseGet(() -> program.zoo(admission, terms));
      Snapshot snapshot =
          from == null ? pull(remote, zoo, wanted.model()) : pullFrom(zoo, wanted.model());
      VersionState state = zoo.state(snapshot.model());
      program.remark(snapshot.model() + "@" + snapshot.digest());
      program.warn(snapshot.model(), state);
      json.add(Json.withState(json(snapshot), state));
      directories.add(snapshot.directory().toString());
    }
    program.result(
        reference == null ? json : json.get(0), String.join(System.lineSeparator(), directories));
  }

  private static Snapshot pull(Optional<RemoteZoo> remote, LocalZoo zoo, ModelReference wanted) {
    return remote.isPresent() ? remote.get().pull(wanted) : zoo.pull(wanted);
  }

  private Snapshot pullFrom(LocalZoo zoo, ModelReference wanted) {
    try (Bundle bundle = Bundle.open(from)) {
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

  private List<PlacedReference> wanted() {
    if (!locked) {
      return List.of(PlacedReference.parse(reference));
    }
    LockFile file =
        lock.read()
            .orElseThrow(
                () ->
                    new ProblemException(
                        ProblemKind.NOT_FOUND,
                        "there is no " + lock.file() + "; xrv-zoo lock REF writes it"));
    List<PlacedReference> references =
        reference == null
            ? List.copyOf(file.references())
            : List.of(PlacedReference.parse(reference));
    return references.stream()
        .map(r -> file.pinned(r).orElseThrow(() -> notLocked(r, file)))
        .toList();
  }

  private ProblemException notLocked(PlacedReference wanted, LockFile file) {
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
