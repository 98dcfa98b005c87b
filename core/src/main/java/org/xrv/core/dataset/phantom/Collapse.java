package org.xrv.core.dataset.phantom;

/** Atelectasis at the base of a lung: bands of airless lung over a raised diaphragm. */
final class Collapse {
  private Collapse() {}

  /** The side opposite to the patient's effusion, which would hide it. */
  static int side(PhantomPatient patient) {
    return -Pleura.side(patient, Pathology.EFFUSION);
  }

  /** By how many cm the diaphragm stands higher. */
  static double rise(Chest chest, double severity) {
    return (0.7 + 2.0 * severity) * chest.size();
  }

  static Haze haze(PhantomPatient patient, Chest chest, Geometry geometry, double severity) {
    var random = patient.random("atelectasis");
    int side = side(patient);
    double size = chest.size();
    double dome = (side < 0 ? chest.rightDome() : chest.leftDome()) - rise(chest, severity);
    Haze haze = new Haze();
    int bands = 2 + random.nextInt(2);
    for (int i = 0; i < bands; i++) {
      double y = dome - (0.7 + 1.7 * i + random.nextDouble(0, 0.6)) * size;
      double middle = random.nextDouble(6.5, 8.5) * size;
      double length = random.nextDouble(2.4, 4.2) * size * (0.55 + 0.45 * severity);
      double slope = -0.1 + 0.3 * random.nextGaussian();
      double bend = 0.25 * random.nextGaussian();
      double width = random.nextDouble(0.3, 0.5) * (0.55 + 0.45 * severity);
      double z = random.nextDouble(-3, 3);
      Path band = new Path();
      for (int j = -4; j <= 4; j++) {
        double t = j / 4.0;
        double x = side * (middle + t * length);
        band.add(
            geometry.x(x, z),
            geometry.y(y + slope * t * length + bend * (1 - t * t), z),
            width * (1.05 - 0.75 * t * t),
            4 + 4 * severity);
      }
      haze.band(band);
    }
    // The crowded lung between the bands and the diaphragm.
    double wide = (3.2 + 1.6 * severity) * size;
    haze.ball(
        new Ellipsoid(
                side * 6.8 * size,
                dome - 0.7 * size,
                -2,
                wide,
                (1.6 + 1.5 * severity) * size,
                4 * size,
                side * random.nextDouble(-0.1, 0.35))
            .seen(geometry),
        0.5 + 0.42 * severity);
    return haze;
  }
}
