package org.xrv.core.dataset.phantom;

/** What gathers between lung and chest wall: fluid at the bottom, gas at the top. */
final class Pleura {
  /** Thickness of the membrane around a collapsed lung, seen as a fine white line; cm. */
  static final double MEMBRANE = 0.09;

  private Pleura() {}

  /** The side of a patient's finding: -1 is the right lung (left in the picture), +1 the left. */
  static int side(PhantomPatient patient, Pathology finding) {
    return patient.random("side of " + finding.target()).nextDouble() < 0.5 ? -1 : 1;
  }

  /**
   * What the fluid leaves to the lung. Severity 0.1 blunts the angle, 1 fills half of the chest.
   */
  static Bowl aboveFluid(PhantomPatient patient, Chest chest, Geometry geometry, double severity) {
    int side = side(patient, Pathology.EFFUSION);
    var random = patient.random("effusion");
    double size = chest.size();
    double dome = side < 0 ? chest.rightDome() : chest.leftDome();
    double level = dome + (3.0 - 9.5 * severity) * size;
    double x = side * random.nextDouble(3.2, 5.2) * size;
    double lateral = random.nextDouble(0.045, 0.07) / size;
    double medial = random.nextDouble(0.015, 0.035) / size;
    return new Bowl(
        geometry.x(x, 0),
        geometry.y(level, 0),
        0,
        side < 0 ? lateral : medial,
        side < 0 ? medial : lateral,
        0.022 / size);
  }

  /** The lung of a pneumothorax, shrunken away from the wall, without {@code membrane} cm of it. */
  static Column collapsed(
      PhantomPatient patient, Chest chest, Geometry geometry, double severity, double membrane) {
    return Lungs.collapsed(
        patient, chest, geometry, side(patient, Pathology.PNEUMOTHORAX), severity, membrane);
  }
}
