package org.xrv.core.dataset.phantom;

import java.util.List;

/** The great vessels and the tissue around the windpipe, between the lungs. */
final class Mediastinum {
  private Mediastinum() {}

  static List<Solid> of(PhantomPatient patient, Chest chest, Geometry geometry) {
    var random = patient.random("mediastinum");
    double size = chest.size();
    double wide = (patient.antero() ? 1.1 : 1.0) * Math.exp(0.1 * random.nextGaussian());
    double age = random.nextDouble();
    double arch = -6.2 * size + 0.5 * random.nextGaussian();
    double knob = (1.45 + 0.5 * age) * size;

    Curve right =
        new Curve(-24, 2.6, -15, 2.5, -10, 2.5, -6, 2.4, -2, 2.3, 2, 1.9, 8, 1.5, 14, 1.5);
    Curve left = new Curve(-24, 2.6, -15, 2.4, -10, 2.0, -6, 2.0, -2, 1.9, 2, 1.6, 8, 1.4, 14, 1.4);
    Column middle =
        new Column(
            1,
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
        new Ellipsoid(2.0 * size + 0.4 * age, arch, -0.5, knob, 1.15 * knob, 4.2 * size, 0.2)
            .seen(geometry);
    Ellipsoid rightHilum =
        new Ellipsoid(-3.0 * size, -0.6 * size, -0.5, 1.3, 2.2 * size, 2.2, 0.35).seen(geometry);
    Ellipsoid leftHilum =
        new Ellipsoid(3.2 * size, -1.9 * size, -1.0, 1.3, 1.7 * size, 2.2, -0.3).seen(geometry);
    return List.of(middle, descending, aorticArch, rightHilum, leftHilum);
  }
}
