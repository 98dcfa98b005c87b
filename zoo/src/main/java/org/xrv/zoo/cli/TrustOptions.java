package org.xrv.zoo.cli;

import org.xrv.zoo.store.Admission;
import picocli.CommandLine.Option;

/** What may come from elsewhere. */
final class TrustOptions {
  @Option(
      names = "--allow-unsigned",
      description =
          "Take from elsewhere also what is not signed, or by nobody you trust; see xrv-zoo trust.")
  private boolean allowUnsigned;

  Admission admission(XrvZoo program) {
    return allowUnsigned ? program.trust().signedOrNot(program::problem) : program.trust().signed();
  }
}
