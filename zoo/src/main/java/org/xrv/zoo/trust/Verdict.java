package org.xrv.zoo.trust;

import java.util.Objects;
import java.util.Optional;

/**
 * What a package's signature is worth. A wrong one has no verdict: it is refused.
 *
 * @param signer whose signature it is, if the key is known
 * @param fingerprint of the key, as far as the signature tells it; empty without one
 */
public record Verdict(State state, Optional<TrustedKey> signer, String fingerprint) {
  /** From good to nothing. */
  public enum State {
    /** By a key that counts for the model's namespace. */
    TRUSTED,
    /** By a key that is trusted for other namespaces only. */
    ELSEWHERE,
    /** By a key that is not known, so that nobody can tell whether the signature is right. */
    UNKNOWN,
    /** There is no signature. */
    UNSIGNED
  }

  public Verdict {
    Objects.requireNonNull(state);
    Objects.requireNonNull(signer);
    Objects.requireNonNull(fingerprint);
  }

  public boolean isTrusted() {
    return state == State.TRUSTED;
  }

  /** As the end of a sentence that begins with the model's name. */
  public String words() {
    return switch (state) {
      case TRUSTED -> "is signed by " + signer.orElseThrow().name() + " (key " + fingerprint + ")";
      case ELSEWHERE ->
          "is signed by "
              + signer.orElseThrow().name()
              + ", who is trusted for '"
              + signer.orElseThrow().namespaces()
              + "' only";
      case UNKNOWN ->
          "is signed with a key that is not trusted here"
              + (fingerprint.isEmpty() ? "" : " (" + fingerprint + ")");
      case UNSIGNED -> "is not signed";
    };
  }
}
