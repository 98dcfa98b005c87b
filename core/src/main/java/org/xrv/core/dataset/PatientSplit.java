package org.xrv.core.dataset;

import java.util.ArrayList;
import java.util.List;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.random.KeyedRandom;

/**
 * Samples for training and for validation; no patient is on both sides.
 *
 * @param training in the order of the data set
 * @param validation in the order of the data set
 */
public record PatientSplit(List<Sample> training, List<Sample> validation) {
  public PatientSplit {
    training = List.copyOf(training);
    validation = List.copyOf(validation);
  }

  /**
   * Splits by patient. A patient's side is a function of (seed, patient) only, so it stays when the
   * data set grows, shrinks or is joined with another; a greater fraction only moves patients to
   * the validation side. The fraction holds on average over patients, not exactly.
   *
   * @param validationFraction of the patients, above 0 and below 1
   * @throws ProblemException BAD_DATA when a side would be empty
   */
  public static PatientSplit of(List<Sample> samples, double validationFraction, long seed) {
    if (!(validationFraction > 0 && validationFraction < 1)) {
      throw new IllegalArgumentException("validation fraction " + validationFraction);
    }
    List<Sample> training = new ArrayList<>();
    List<Sample> validation = new ArrayList<>();
    for (Sample sample : samples) {
      double share = KeyedRandom.of(seed, "split", sample.patient()).nextDouble();
      (share < validationFraction ? validation : training).add(sample);
    }
    if (training.isEmpty() || validation.isEmpty()) {
      long patients = samples.stream().map(Sample::patient).distinct().count();
      if (patients < 2) {
        throw new ProblemException(
            ProblemKind.BAD_DATA,
            "the data has "
                + (patients == 0 ? "no image" : "one patient, " + samples.get(0).patient())
                + "; training and validation need patients of their own, two at least");
      }
      throw new ProblemException(
          ProblemKind.BAD_DATA,
          "no patient is left for "
              + (training.isEmpty() ? "training" : "validation")
              + ": "
              + patients
              + " patients, validation fraction "
              + validationFraction
              + ", seed "
              + seed
              + "; take more patients, another fraction or another seed");
    }
    return new PatientSplit(training, validation);
  }
}
