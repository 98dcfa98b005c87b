package org.xrv.core.dataset.phantom;

/** Lung opacity: a cluster of fluffy clouds in one lung. */
final class Infiltrate {
  /** Radius in cm of the space that the cluster's middle needs. */
  static final double ROOM = 2;

  private Infiltrate() {}

  static Haze haze(
      PhantomPatient patient, Chest chest, Geometry geometry, Site site, double severity) {
    var random = patient.random("opacity");
    double size = chest.size();
    double spread = (0.9 + 2.1 * severity) * size;
    Haze haze = new Haze();
    int clouds = 6;
    for (int i = 0; i < clouds; i++) {
      double away = i == 0 ? 0 : spread * random.nextDouble(0.4, 1.1);
      double direction = random.nextDouble(0, 2 * Math.PI);
      double radius = (1.4 + 2.0 * severity) * size * random.nextDouble(0.7, 1.3);
      haze.ball(
          new Ellipsoid(
                  site.x() + away * Math.cos(direction),
                  site.y() + 1.2 * away * Math.sin(direction),
                  site.z(),
                  1.15 * radius,
                  radius * random.nextDouble(0.75, 1.2),
                  radius,
                  random.nextDouble(-1, 1))
              .seen(geometry),
          (0.5 + 0.35 * severity) * (i == 0 ? 1 : random.nextDouble(0.5, 1)));
    }
    return haze;
  }
}
