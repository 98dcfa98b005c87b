package org.xrv.core.dataset.phantom;

import java.util.Optional;

/** The findings that the phantom can draw; each occurs independently of the others. */
public enum Pathology {
  /** The heart is wider than about half of the chest; the mask is the heart's silhouette. */
  CARDIOMEGALY("Cardiomegaly", 0.4);

  private final String target;
  private final double prevalence;

  Pathology(String target, double prevalence) {
    this.target = target;
    this.prevalence = prevalence;
  }

  /** The name of the label, as the real data sets spell it. */
  public String target() {
    return target;
  }

  /** The share of patients who have it, in [0, 1]. */
  public double prevalence() {
    return prevalence;
  }

  /** The finding of a label's name, if the phantom draws it. */
  public static Optional<Pathology> ofTarget(String target) {
    for (Pathology pathology : values()) {
      if (pathology.target.equals(target)) {
        return Optional.of(pathology);
      }
    }
    return Optional.empty();
  }
}
