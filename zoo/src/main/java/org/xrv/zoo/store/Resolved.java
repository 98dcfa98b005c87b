package org.xrv.zoo.store;

import java.util.Objects;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.zoo.name.Digest;
import org.xrv.zoo.name.ModelReference;
import org.xrv.zoo.name.ModelVersion;

/**
 * What a reference means in one zoo.
 *
 * @param digest of the manifest
 */
public record Resolved(ModelVersion model, Digest digest) {
  public Resolved {
    Objects.requireNonNull(model);
    Objects.requireNonNull(digest);
  }

  /**
   * Refuses a version that does not have the digest that was asked for beside its tag.
   *
   * @param place where it was found, such as "in this zoo"
   * @throws ProblemException DIGEST_MISMATCH
   */
  public void requireAgrees(ModelReference asked, String place) {
    asked
        .digest()
        .filter(d -> !d.equals(digest))
        .ifPresent(
            d -> {
              throw new ProblemException(
                  ProblemKind.DIGEST_MISMATCH,
                  model
                      + " is "
                      + digest
                      + " "
                      + place
                      + ", not "
                      + d
                      + "; ask for one of the two, the version or the digest");
            });
  }
}
