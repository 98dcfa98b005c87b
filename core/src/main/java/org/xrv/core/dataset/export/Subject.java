package org.xrv.core.dataset.export;

import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;
import org.xrv.core.dataset.Sample;
import org.xrv.core.dataset.phantom.PhantomDataset;
import org.xrv.core.dataset.phantom.PhantomPatient;

/**
 * Who is on an X-ray.
 *
 * @param number of the patient, from 1
 * @param age in years
 * @param sex M or F
 * @param fieldOfView side of the square picture in cm, in the middle of the body
 */
public record Subject(int number, int age, String sex, double fieldOfView) {
  public Subject {
    Objects.requireNonNull(sex);
    if (number < 1 || age < 0 || age > 999 || !sex.matches("[MF]") || !(fieldOfView > 0)) {
      throw new IllegalArgumentException(
          "subject " + number + ", " + age + " years, " + sex + ", " + fieldOfView + " cm");
    }
  }

  /** Who is on a phantom's samples, numbered in its order. */
  public static Function<Sample, Subject> of(PhantomDataset phantom) {
    return sample -> {
      PhantomPatient patient = phantom.patient(sample);
      return new Subject(
          patient.index() + 1, patient.age(), patient.female() ? "F" : "M", patient.fieldOfView());
    };
  }

  /** As DICOM and the first version of NIH's table write it, such as "058Y". */
  String ageText() {
    return String.format(Locale.ROOT, "%03dY", age);
  }

  /** The side of a pixel in mm. */
  double pixelSpacing(int resolution) {
    return 10 * fieldOfView / resolution;
  }
}
