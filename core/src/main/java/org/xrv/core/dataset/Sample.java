package org.xrv.core.dataset;

import java.util.Map;

/**
 * One X-ray of a data set, before its pixels are read.
 *
 * @param id unique in its data set, such as the file name; random augmentation depends on it
 * @param patient the group that a split never divides, prefixed by the name space of patients
 *     ("nih:123"), so that sets that share patients agree
 * @param view PA, AP ... or empty when unknown
 * @param labels by target name; a target that is not listed is unknown
 */
public record Sample(
    String dataset, String id, String patient, String view, Map<String, Finding> labels) {
  public Sample {
    labels = LabelMap.of(labels);
    if (id.isEmpty() || patient.isEmpty()) {
      throw new IllegalArgumentException("a sample needs an id and a patient");
    }
  }

  public Finding label(String target) {
    return labels.getOrDefault(target, Finding.UNKNOWN);
  }
}
