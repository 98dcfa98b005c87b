package org.xrv.core.dataset.phantom;

import java.util.Optional;

/**
 * The findings that the phantom can draw; each occurs independently of the others. Prevalences are
 * higher than in a screening population, so that small data sets hold enough of each.
 */
public enum Pathology {
  /** The heart is wider than half of the chest; the mask is the heart's silhouette. */
  CARDIOMEGALY("Cardiomegaly", 0.4),
  /** Fluid at the bottom of one pleural space; the mask is where 0.5 cm or more of it lie. */
  EFFUSION("Effusion", 0.15),
  /** A lobed growth of more than 3 cm; the mask is its outline as far as it takes lung's place. */
  MASS("Mass", 0.12),
  /** A round growth of up to 3 cm; the mask is its outline. */
  NODULE("Nodule", 0.15),
  /** Gas around a collapsed lung; the mask is the space without lung beside and above it. */
  PNEUMOTHORAX("Pneumothorax", 0.12),
  /** Cloudy lung; the mask is where as much as 0.3 cm of tissue is spread in it. */
  LUNG_OPACITY("Lung Opacity", 0.18),
  /** Airless bands under a smaller lung; the mask is the airless part, not the risen diaphragm. */
  ATELECTASIS("Atelectasis", 0.12);

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
