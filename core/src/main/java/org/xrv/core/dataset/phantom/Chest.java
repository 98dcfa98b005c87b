package org.xrv.core.dataset.phantom;

/**
 * The measures that several parts of one patient share, in cm of the scene before projection.
 *
 * @param size of the body, 1 is average
 * @param apex y of the tops of the lungs
 * @param halfWidth greatest inner half width of the chest
 * @param rightDome y of the summit of the diaphragm's right half (left in the picture)
 * @param leftDome y of the summit of the left half
 * @param build soft tissue over the ribs
 */
record Chest(
    double size, double apex, double halfWidth, double rightDome, double leftDome, double build) {
  static Chest of(PhantomPatient patient) {
    var random = patient.random("chest");
    double size = patient.size();
    double apex = size * (-13.6 + 0.5 * random.nextGaussian());
    double right = size * (4.6 + 4.4 * patient.inspiration());
    double left = right + size * (1.1 + 0.5 * random.nextGaussian());
    return new Chest(size, apex, patient.lungHalfWidth(), right, left, patient.build());
  }

  /** The y at which the chest is widest. */
  double widest() {
    return 5 * size;
  }

  /** Middle of the top of a lung, as a distance from the midline. */
  double apexOffset() {
    return 0.365 * halfWidth;
  }

  /** Distance from the midline to the inside of the chest wall. */
  double wall(double y) {
    double t = clamp((y - apex) / (widest() - apex));
    double rise = Math.pow(1 - Math.pow(1 - t, 2.2), 0.55);
    return apexOffset() + (halfWidth - apexOffset()) * rise;
  }

  /** Half of the inner depth of the chest. */
  double halfDepth(double y) {
    double t = clamp((y - apex) / (11 * size));
    return 8.8 * size * Math.sqrt(1 - (1 - t) * (1 - t));
  }

  private static double clamp(double t) {
    return Math.min(1, Math.max(0, t));
  }
}
