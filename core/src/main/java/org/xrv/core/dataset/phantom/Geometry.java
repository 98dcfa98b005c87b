package org.xrv.core.dataset.phantom;

/**
 * Where points of the scene fall on the picture, in cm at the depth of the body's middle: the cone
 * of the beam magnifies what is near the tube, and a turned patient shifts with depth.
 *
 * @param tubeDistance from the X-ray tube to the middle of the body in cm
 * @param tubeSide +1 when the tube stands in front of the patient (AP), -1 behind (PA)
 * @param turn horizontal shift per cm of depth
 */
record Geometry(double tubeDistance, int tubeSide, double turn) {
  static Geometry of(PhantomPatient patient) {
    double distance =
        patient.antero() ? patient.random("tube distance").nextDouble(95, 130) : 165.0;
    return new Geometry(distance, patient.antero() ? 1 : -1, patient.turn());
  }

  double magnification(double z) {
    return tubeDistance / (tubeDistance - tubeSide * z);
  }

  double x(double x, double z) {
    return (x + turn * z) * magnification(z);
  }

  double y(double y, double z) {
    return y * magnification(z);
  }
}
