package org.xrv.core.dataset;

import java.util.Map;
import java.util.Objects;

/**
 * One X-ray of a data set, before its pixels are read.
 *
 * @param id unique in its data set, such as the file name; random augmentation depends on it
 * @param patient the group that a split never divides, prefixed by the name space of patients
 *     ("nih:123"), so that sets that share patients agree
 * @param view PA, AP ... or empty when unknown
 * @param labels by target name; a target that is not listed is unknown
 * @param split the publisher's split that it is in, such as "train"; empty where there is none
 */
public record Sample(
    String dataset,
    String id,
    String patient,
    String view,
    Map<String, Finding> labels,
    String split) {
  /** One that no publisher's split holds. */
  public Sample(
      String dataset, String id, String patient, String view, Map<String, Finding> labels) {
    this(dataset, id, patient, view, labels, "");
  }

  public Sample {
    Objects.requireNonNull(split);
    labels = LabelMap.of(labels);
    if (id.isEmpty() || patient.isEmpty()) {
      throw new IllegalArgumentException("a sample needs an id and a patient");
    }
  }

  public Finding label(String target) {
    return labels.getOrDefault(target, Finding.UNKNOWN);
  }
}
