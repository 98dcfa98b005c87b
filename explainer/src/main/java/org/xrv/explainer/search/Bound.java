package org.xrv.explainer.search;

import java.util.Objects;

/**
 * One end of a range of lambdas, and why it is there.
 *
 * @param lambda finite
 */
public record Bound(double lambda, StopReason reason) {
  public Bound {
    Objects.requireNonNull(reason);
    if (!Double.isFinite(lambda)) {
      throw new IllegalArgumentException("a bound at " + lambda);
    }
  }
}
