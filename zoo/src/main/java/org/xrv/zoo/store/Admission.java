package org.xrv.zoo.store;

import org.xrv.core.error.ProblemException;
import org.xrv.zoo.terms.AcceptedTerms;

/**
 * Decides whether a version from elsewhere (a registry, a bundle, a copy of a zoo) may be published
 * here. It is asked before the large files are fetched, and not again about a version that is here.
 */
@FunctionalInterface
public interface Admission {
  /** For sources that are the zoo's own. */
  Admission ALL = arrival -> {};

  /**
   * Refuses a version, or does nothing.
   *
   * @throws ProblemException TRUST, TERMS
   */
  void require(Arrival arrival);

  /** Admits what the terms of the data allow, or whoever asks has accepted. */
  static Admission accepted(AcceptedTerms terms) {
    return arrival ->
        terms.require(
            PackageIdentity.parse(
                    arrival.description(), arrival.model() + ": " + PackageIdentity.FILE)
                .terms(),
            arrival.model().toString());
  }

  /** Both have to agree. */
  default Admission and(Admission other) {
    return arrival -> {
      require(arrival);
      other.require(arrival);
    };
  }
}
