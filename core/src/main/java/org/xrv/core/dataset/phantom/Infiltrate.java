package org.xrv.core.dataset.phantom;

import java.util.ArrayList;
import java.util.List;

/** Lung opacity: a cluster of fluffy clouds in one lung, with open airways in it. */
final class Infiltrate {
  /** Radius in cm of the space that the cluster's middle needs. */
  static final double ROOM = 2;

  private Infiltrate() {}

  /** Airways that stay open in the cluster: dark branching lines, the air bronchogram. */
  static List<Path> airways(
      PhantomPatient patient, Chest chest, Geometry geometry, Site site, double severity) {
    var random = patient.random("air bronchogram");
    double size = chest.size();
    double reach = (1.6 + 2.4 * severity) * size;
    double z = site.z();
    List<Path> paths = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      // From the side of the hilum outwards.
      double heading = 0.7 * (i - 1) + 0.2 * random.nextGaussian();
      double bend = 0.35 * random.nextGaussian();
      double x = site.x() - site.side() * 0.5 * reach;
      double y = site.y() - 0.2 * reach;
      Path path = new Path();
      path.add(geometry.x(x, z), geometry.y(y, z), 0.2 * size);
      for (int j = 1; j <= 4; j++) {
        heading += bend / 4;
        x += site.side() * Math.cos(heading) * 0.32 * reach;
        y += Math.sin(heading) * 0.32 * reach;
        path.add(geometry.x(x, z), geometry.y(y, z), (0.2 - 0.03 * j) * size);
      }
      paths.add(path);
    }
    return paths;
  }

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
