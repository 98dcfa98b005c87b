package org.xrv.core.dataset.phantom;

import java.util.ArrayList;
import java.util.List;

/** Soft tissue: trunk, shoulders, neck, jaw, arms and breasts. */
final class Trunk {
  private Trunk() {}

  /** Solids whose union is the body but for the arms. */
  static List<Solid> solids(PhantomPatient patient, Chest chest, Geometry geometry) {
    var random = patient.random("trunk");
    double size = chest.size();
    double build = chest.build();
    // Shoulders higher or lower than this would fold the outline over.
    double slope = Math.max(-2, Math.min(2, random.nextGaussian()));
    double side = 1.7 + build;
    Curve trunkWidth =
        new Curve(
            -24, 4.4, -19, 5.2, -15, 8.3, -11, 12.2, -6, 14.6, 0, 15.2, 8, 15.0, 18, 14.4, 34,
            14.8);
    double widening = (chest.halfWidth() + side) / 15.1;
    double depth = 8.6 * size + 0.75 * build;
    Curve trunkDepth =
        new Curve(-22, 0.45, -19, 0.53, -14, 0.66, -9, 0.86, -3, 0.98, 6, 1.03, 16, 1.02, 34, 1.02);
    Column trunk =
        new Column(
            0.35,
            (y, slice) -> {
              slice[0] = geometry.x(0, 0);
              slice[1] = trunkWidth.at(y / size) * widening;
              slice[2] = 0;
              slice[3] = trunkDepth.at(y / size) * depth;
            });
    double rise = 0.9 * slope + (patient.antero() ? -0.8 : 0.3);
    Curve shoulderWidth =
        new Curve(
            -24,
            5.6,
            -19 + 0.5 * rise,
            6.3,
            -16.5 + rise,
            9.0,
            -14.3 + rise,
            14.0,
            -12.2 + rise,
            18.2,
            -9,
            19.6,
            -4,
            18.5,
            0,
            14.5,
            4,
            8);
    Curve shoulderDepth = new Curve(-24, 5.6, -18, 5.4, -14, 5.6, -10, 6.4, -5, 6.4, 0, 6, 4, 4);
    Column shoulders =
        new Column(
            0.5,
            (y, slice) -> {
              double level = y / size;
              if (level > 4) {
                return;
              }
              double width = shoulderWidth.at(level) * size;
              slice[0] = 0;
              slice[1] = level > -12 ? width + 0.35 * build : width;
              slice[2] = 0;
              slice[3] = (shoulderDepth.at(level) + 0.25 * build) * size;
            });
    Ellipsoid jaw =
        new Ellipsoid(
                0.8 * random.nextGaussian(),
                -26.5 * size + random.nextGaussian(),
                3,
                6.2 * size,
                5.5 * size,
                7,
                0)
            .seen(geometry);
    return List.of(trunk, shoulders, jaw);
  }

  /** Round soft parts whose thickness adds to the body's: breasts, or chest muscles. */
  static List<Solid> front(PhantomPatient patient, Chest chest, Geometry geometry) {
    var random = patient.random("breasts");
    double size = chest.size();
    List<Solid> parts = new ArrayList<>();
    double volume = patient.female() ? Math.exp(0.3 * random.nextGaussian()) : 0.55;
    double low =
        patient.female()
            ? (patient.antero() ? 4.5 : 6.5) + 1.5 * random.nextGaussian()
            : -1 + random.nextGaussian();
    for (int side = -1; side <= 1; side += 2) {
      double jitter = 0.3 * random.nextGaussian();
      parts.add(
          new Breast(
              new Ellipsoid(
                      side * (8.2 * size + jitter),
                      low * size + jitter,
                      10,
                      5.6 * size * Math.cbrt(volume),
                      (patient.female() ? 5.2 : 4.2) * size * Math.cbrt(volume),
                      (patient.female() ? 2.3 : 1.1) * volume + 0.15 * chest.build(),
                      side * 0.15)
                  .seen(geometry)));
    }
    return parts;
  }

  /** The two upper arms as tubes. */
  static List<Path> arms(PhantomPatient patient, Chest chest, Geometry geometry) {
    List<Path> arms = new ArrayList<>();
    double size = chest.size();
    for (int side = -1; side <= 1; side += 2) {
      double angle = armAngle(patient, side);
      double thickness = (4.1 + 0.35 * chest.build()) * size;
      double x = side * (18.6 * size + 0.2 * chest.build());
      double y = -9.6 * size;
      Path arm = new Path();
      for (double along = 0; along <= 40; along += 8) {
        arm.add(
            geometry.x(x + side * along * Math.sin(angle), 0),
            geometry.y(y + along * Math.cos(angle), 0),
            thickness * (1 - 0.006 * along));
      }
      arms.add(arm);
    }
    return arms;
  }

  static double armAngle(PhantomPatient patient, int side) {
    return patient.armAngle()
        + 0.06 * patient.random(side < 0 ? "right arm" : "left arm").nextGaussian();
  }
}
