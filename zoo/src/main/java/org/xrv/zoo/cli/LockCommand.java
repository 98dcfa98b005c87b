package org.xrv.zoo.cli;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.zoo.lock.LockFile;
import org.xrv.zoo.name.PlacedReference;
import org.xrv.zoo.store.Resolved;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
    name = "lock",
    description = {
      "Write down what references mean now: versions and digests, in a file to keep with the code",
      "that uses the models. pull --locked goes by it. Without REF, all that it has is renewed."
    })
final class LockCommand implements Runnable {
  @ParentCommand private XrvZoo program;
  @Mixin private LockOptions options;

  @Parameters(
      paramLabel = "REF",
      arity = "0..*",
      description = "Such as ae-resnet101 or ae-resnet101:1.2.")
  private List<String> references = List.of();

  @Override
  public void run() {
    LockFile before = options.read().orElse(LockFile.empty());
    Collection<PlacedReference> wanted =
        references.isEmpty()
            ? before.references()
            : references.stream().map(PlacedReference::parse).toList();
    if (wanted.isEmpty()) {
      throw new ProblemException(
          ProblemKind.USAGE,
          options.file() + " locks nothing yet; say what to lock, such as ae-resnet101:1");
    }
    Map<PlacedReference, Resolved> found = new LinkedHashMap<>();
    wanted.forEach(reference -> found.put(reference, resolve(reference)));
    LockFile after = before.with(found);
    after.write(options.file());
    List<String> lines = new ArrayList<>();
    found.forEach(
        (reference, now) -> {
          Resolved was = before.models().get(reference.toString());
          lines.add(
              reference
                  + "  "
                  + now.model()
                  + "@"
                  + now.digest()
                  + (was == null || was.equals(now) ? "" : "  before: " + was.model().version()));
        });
    program.result(after.toJson(), String.join(System.lineSeparator(), lines));
  }

  private Resolved resolve(PlacedReference reference) {
    return program
        .remote(reference.place())
        .map(zoo -> zoo.resolve(reference.model()))
        .orElseGet(() -> program.zoo().available(reference.model()));
  }
}
