package org.xrv.core.dataset.phantom;

import java.util.List;
import org.xrv.core.random.KeyedRandom;

/** The great vessels and the tissue around the windpipe, between the lungs. */
final class Mediastinum {
  private Mediastinum() {}

  static List<Solid> of(PhantomPatient patient, Chest chest, Geometry geometry) {
    var random = patient.random("mediastinum");
    double size = chest.size();
    double wide = (patient.antero() ? 1.1 : 1.0) * Math.exp(0.1 * random.nextGaussian());
    double age = (patient.age() - PhantomPatient.YOUNGEST) / (double) PhantomPatient.AGES;
    double arch = -6.2 * size + 0.5 * random.nextGaussian();
    double knob = (1.45 + 0.5 * age) * size;

    // Right: veins of the neck, upper vena cava, its bulge below the azygos vein. Left: the
    // subclavian artery, then what lies behind arch and pulmonary trunk.
    var borders = patient.random("mediastinal borders");
    Curve right =
        wavy(borders, -24, 3.2, -15, 3.0, -11, 2.5, -7.5, 2.5, -5, 2.8, -2, 2.7, 3, 2.3, 14, 1.9);
    Curve left =
        wavy(borders, -24, 3.2, -15, 2.9, -11, 2.5, -7.5, 2.3, -4, 2.1, 0, 2.5, 4, 2.2, 14, 1.8);
    Column middle =
        new Column(
            1,
            true,
            (y, slice) -> {
              double r = right.at(y / size) * size * wide;
              double l = left.at(y / size) * size * wide;
              slice[0] = geometry.x(0.5 * (l - r), 0);
              slice[1] = 0.5 * (l + r);
              slice[2] = -0.3;
              slice[3] = chest.halfDepth(y) + 1;
            });
    Curve course =
        new Curve(
            -8, 1.6, -5, 2.2 + 0.6 * age, 0, 2.1 + 0.8 * age, 5, 1.6 + 0.8 * age, 12, 0.4, 20, 0);
    double thickness = (1.15 + 0.35 * age) * size;
    Column descending =
        new Column(
            1,
            (y, slice) -> {
              if (y < arch) {
                return;
              }
              slice[0] = geometry.x(course.at(y / size) * size, -5);
              slice[1] = thickness;
              slice[2] = -5;
              slice[3] = thickness;
            });
    Ellipsoid aorticArch =
        new Ellipsoid(1.75 * size + 0.4 * age, arch, -0.5, knob, 1.3 * knob, 4.2 * size, 0.2)
            .seen(geometry);
    Ellipsoid rightHilum =
        new Ellipsoid(-2.7 * size, -0.4 * size, -0.5, 0.9, 2.4 * size, 1.5, 0.3).seen(geometry);
    Ellipsoid leftHilum =
        new Ellipsoid(2.9 * size, -1.6 * size, -1.0, 0.9, 1.9 * size, 1.5, -0.3).seen(geometry);
    return List.of(middle, descending, aorticArch, rightHilum, leftHilum);
  }

  /** A curve whose points stray by some mm, so that no two patients share a border. */
  private static Curve wavy(KeyedRandom random, double... points) {
    double[] moved = points.clone();
    for (int i = 1; i < moved.length; i += 2) {
      moved[i] += 0.22 * Math.max(-2, Math.min(2, random.nextGaussian()));
    }
    return new Curve(moved);
  }
}
