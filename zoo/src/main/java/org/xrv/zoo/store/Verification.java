package org.xrv.zoo.store;

import java.util.Objects;
import java.util.Optional;
import org.xrv.core.error.ProblemException;
import org.xrv.zoo.name.ModelVersion;

/**
 * The result of reading one version with all its bytes.
 *
 * @param problem what is wrong, if something is
 */
public record Verification(ModelVersion model, Optional<ProblemException> problem) {
  public Verification {
    Objects.requireNonNull(model);
    Objects.requireNonNull(problem);
  }

  public boolean isSound() {
    return problem.isEmpty();
  }
}
