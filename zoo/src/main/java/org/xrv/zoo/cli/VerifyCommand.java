package org.xrv.zoo.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.zoo.bundle.Bundle;
import org.xrv.zoo.name.ModelReference;
import org.xrv.zoo.name.ModelVersion;
import org.xrv.zoo.store.BlobSource;
import org.xrv.zoo.store.LocalZoo;
import org.xrv.zoo.store.Mended;
import org.xrv.zoo.store.ModelVersions;
import org.xrv.zoo.store.Verification;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
    name = "verify",
    description =
        "Read a version, or everything, and compare every byte with its digest; tell who signed it.")
final class VerifyCommand implements Callable<Integer> {
  @ParentCommand private XrvZoo program;

  @Parameters(paramLabel = "REF", arity = "0..1", description = "What to verify.")
  private String reference;

  @Option(names = "--all", description = "Verify all versions of all models.")
  private boolean all;

  @Option(
      names = "--signature",
      description = "Fail with code 6 unless somebody signed it who is trusted for its namespace.")
  private boolean signature;

  @Option(
      names = "--repair",
      description =
          "Replace what is damaged by intact copies of the same bytes, here or in --from.")
  private boolean repair;

  @Option(
      names = "--from",
      paramLabel = "FILE.tar|DIR",
      description =
          "With --repair: a bundle, OCI image layout or copy of a zoo to take bytes from. May be"
              + " given more than once; only what is damaged is read.")
  private List<Path> from = List.of();

  @Override
  public Integer call() {
    if (!from.isEmpty() && !repair) {
      throw new ProblemException(ProblemKind.USAGE, "--from goes with --repair");
    }
    if (all == (reference != null)) {
      throw new ProblemException(
          ProblemKind.USAGE, "verify needs either a model, such as ae-resnet101:1.2.0, or --all");
    }
    LocalZoo zoo = program.zoo();
    List<Mended> mended = repair ? repair(zoo) : List.of();
    List<Verification> results =
        all ? zoo.verifyAll() : List.of(zoo.verify(ModelReference.parse(reference)));
    ArrayNode json = Json.array();
    Signatures signatures = new Signatures(program, zoo, signature, !all);
    for (Verification result : results) {
      ObjectNode one = Json.model(result.model()).put("sound", result.isSound());
      if (result.isSound()) {
        signatures.tell(result.model(), one);
      }
      result
          .problem()
          .ifPresent(
              p -> {
                one.put("problem", p.getMessage());
                program.problem(p.getMessage());
              });
      json.add(one);
    }
    mended.forEach(
        m -> program.remark(m.model() + ": " + m.what() + " is whole again, from " + m.from()));
    long damaged = results.stream().filter(r -> !r.isSound()).count();
    ObjectNode repaired = Json.object();
    ArrayNode list = repaired.putArray("mended");
    mended.forEach(
        m -> list.add(Json.model(m.model()).put("what", m.what()).put("from", m.from())));
    repaired.set("versions", json);
    program.result(
        repair ? repaired : json,
        (results.size() - damaged) + " of " + results.size() + " versions are sound");
    return damaged == 0
        ? signatures.exitCode()
        : program.exitCodes().of(ProblemKind.DIGEST_MISMATCH);
  }

  private List<Mended> repair(LocalZoo zoo) {
    List<ModelReference> wanted = new ArrayList<>();
    if (all) {
      for (ModelVersions model : zoo.list()) {
        model
            .versions()
            .keySet()
            .forEach(v -> wanted.add(ModelReference.of(new ModelVersion(model.name(), v))));
      }
    } else {
      wanted.add(ModelReference.parse(reference));
    }
    List<Bundle> bundles = new ArrayList<>();
    try {
      from.forEach(path -> bundles.add(Bundle.open(path)));
      List<BlobSource> sources = List.copyOf(bundles);
      return wanted.stream().flatMap(w -> zoo.repair(w, sources).stream()).toList();
    } finally {
      bundles.forEach(Bundle::close);
    }
  }
}
