package org.xrv.zoo.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.zoo.name.ModelReference;
import org.xrv.zoo.name.ModelVersion;
import org.xrv.zoo.store.LocalZoo;
import org.xrv.zoo.trust.Trust;
import org.xrv.zoo.trust.Verdict;

/** Tells who signed the versions of a zoo. */
final class Signatures {
  private final XrvZoo program;
  private final LocalZoo zoo;
  private final boolean required;
  private final boolean telling;
  private final Trust trust;
  private boolean refused;

  /**
   * For one command.
   *
   * @param required whether a version that nobody signed who is trusted is a failure
   * @param telling whether people are told also that a version is not signed
   */
  Signatures(XrvZoo program, LocalZoo zoo, boolean required, boolean telling) {
    this.program = program;
    this.zoo = zoo;
    this.required = required;
    this.telling = telling;
    this.trust = program.trust();
  }

  /** Prints who signed a version, and adds it to what programs get. A wrong signature is told. */
  void tell(ModelVersion model, ObjectNode json) {
    try {
      Verdict verdict = trust.judge(zoo.arrival(ModelReference.of(model)));
      json.put("signature", verdict.state().name().toLowerCase(Locale.ROOT));
      verdict.signer().ifPresent(s -> json.put("signedBy", s.name()));
      if (!verdict.fingerprint().isEmpty()) {
        json.put("key", verdict.fingerprint());
      }
      if (required && !verdict.isTrusted()) {
        refused = true;
        program.problem(model + " " + verdict.words());
      } else if (telling || verdict.state() != Verdict.State.UNSIGNED) {
        program.remark(model + " " + verdict.words());
      }
    } catch (ProblemException e) {
      if (e.kind() != ProblemKind.TRUST) {
        throw e;
      }
      refused = true;
      json.put("signature", "wrong").put("problem", e.getMessage());
      program.problem(e.getMessage());
    }
  }

  /** That of a signature that is wrong, or of nobody trusted where one is required. */
  int exitCode() {
    return refused ? program.exitCodes().of(ProblemKind.TRUST) : 0;
  }
}
