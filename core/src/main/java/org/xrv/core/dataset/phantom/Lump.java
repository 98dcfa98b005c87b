package org.xrv.core.dataset.phantom;

import java.util.ArrayList;
import java.util.List;
import org.xrv.core.random.KeyedRandom;

/**
 * A rounded growth of soft tissue in a lung: what lies between the front and the back of some
 * overlapping ellipsoids. A nodule is one of up to 3 cm, a mass several of more than 3 cm together
 * (the border that the Fleischner Society draws).
 */
final class Lump implements Solid {
  private final Hull hull;

  private Lump(List<Ellipsoid> lobes) {
    this.hull = new Hull(lobes);
  }

  static Lump nodule(PhantomPatient patient, Site site, Geometry geometry, double severity) {
    KeyedRandom random = patient.random("nodule shape");
    double radius = noduleRadius(severity);
    return new Lump(
        List.of(
            new Ellipsoid(
                    site.x(),
                    site.y(),
                    site.z(),
                    radius * random.nextDouble(0.9, 1.1),
                    radius * random.nextDouble(0.9, 1.1),
                    1.5 * radius,
                    random.nextDouble(-1, 1))
                .seen(geometry)));
  }

  static Lump mass(PhantomPatient patient, Site site, Geometry geometry, double severity) {
    KeyedRandom random = patient.random("mass shape");
    double radius = massRadius(severity);
    List<Ellipsoid> lobes = new ArrayList<>();
    double direction = random.nextDouble(0, 2 * Math.PI);
    for (int i = 0; i < 4; i++) {
      // One in the middle, three around it that give the outline its lobes.
      double away = i == 0 ? 0 : radius * random.nextDouble(0.35, 0.55);
      double size = i == 0 ? 0.85 : random.nextDouble(0.5, 0.7);
      direction += 2.1 * random.nextDouble(0.8, 1.2);
      lobes.add(
          new Ellipsoid(
                  site.x() + away * Math.cos(direction),
                  site.y() + away * Math.sin(direction),
                  site.z(),
                  radius * size * random.nextDouble(0.9, 1.1),
                  radius * size * random.nextDouble(0.9, 1.1),
                  1.2 * radius * size,
                  random.nextDouble(-1, 1))
              .seen(geometry));
    }
    return new Lump(lobes);
  }

  /** In cm: 0.8 to 1.5, that is up to 3 cm across. */
  static double noduleRadius(double severity) {
    return 0.8 + 0.7 * severity;
  }

  /** In cm: more than 3 cm across, up to 7. */
  static double massRadius(double severity) {
    return 1.7 + 1.8 * severity;
  }

  @Override
  public boolean trace(Rays rays, Spans spans) {
    return hull.trace(rays, spans);
  }
}
