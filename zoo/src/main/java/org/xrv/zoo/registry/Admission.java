package org.xrv.zoo.registry;

import org.xrv.zoo.store.ModelDetails;
import org.xrv.zoo.store.PackageFile;

/**
 * Decides whether a model from another machine may be used here: by its signature, by its terms. It
 * is asked before the networks are fetched, and each time the model is handed out.
 */
@FunctionalInterface
public interface Admission {
  /** Gives the bytes of a small file of the model, verified. */
  @FunctionalInterface
  interface Files {
    byte[] read(PackageFile file);
  }

  /**
   * Decides.
   *
   * @throws org.xrv.core.error.ProblemException TRUST, TERMS when the model may not be used
   */
  void require(ModelDetails model, Files files);

  /** Lets everything in. */
  Admission EVERYTHING = (model, files) -> {};
}
