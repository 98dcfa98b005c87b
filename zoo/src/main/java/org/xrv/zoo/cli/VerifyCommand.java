package org.xrv.zoo.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.concurrent.Callable;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.zoo.name.ModelReference;
import org.xrv.zoo.store.LocalZoo;
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

  @Override
  public Integer call() {
    if (all == (reference != null)) {
      throw new ProblemException(
          ProblemKind.USAGE, "verify needs either a model, such as ae-resnet101:1.2.0, or --all");
    }
    LocalZoo zoo = program.zoo();
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
    long damaged = results.stream().filter(r -> !r.isSound()).count();
    program.result(
        json, (results.size() - damaged) + " of " + results.size() + " versions are sound");
    return damaged == 0
        ? signatures.exitCode()
        : program.exitCodes().of(ProblemKind.DIGEST_MISMATCH);
  }
}
