package org.xrv.explainer.model;

import java.nio.file.Path;

/** Where models are found by name. */
@FunctionalInterface
public interface ModelSource {
  /**
   * The directory of a model package.
   *
   * @param name such as "ae-resnet101" or "ae-resnet101:1.0.0"
   * @throws org.xrv.core.error.ProblemException NOT_FOUND when there is none
   */
  Path directory(String name);
}
