package org.xrv.core.dataset.phantom;

import java.util.List;

/**
 * The heart: what lies between the front and the back of four overlapping ellipsoids (right atrium,
 * left ventricle, the middle, the outflow into the pulmonary trunk).
 */
final class Heart implements Solid {
  private final Hull hull;

  private Heart(List<Ellipsoid> chambers) {
    this.hull = new Hull(chambers);
  }

  /**
   * A heart of a given width.
   *
   * @param ratio heart width over the inner width of the chest (the cardiothoracic ratio)
   */
  static Heart of(PhantomPatient patient, Chest chest, Geometry geometry, double ratio) {
    var random = patient.random("heart shape");
    double size = chest.size();
    double width = ratio * 2 * chest.halfWidth();
    double normal = 0.435 * 2 * chest.halfWidth();
    double growth = width / normal;
    // An enlarged heart grows to the left and downwards first: the left share rises with the ratio.
    double leftShare = 0.66 + 0.03 * random.nextGaussian() + 0.05 * (growth - 1);
    double shallow = 1 - patient.inspiration();
    double tilt = 0.62 - 0.25 * shallow + 0.08 * random.nextGaussian() - 0.12 * (growth - 1);
    double tall = Math.pow(growth, 0.55) * (1 - 0.1 * shallow);
    double floor = 0.5 * (chest.rightDome() + chest.leftDome()) + 1.0 * size;
    double left = leftShare * width;
    double right = -(1 - leftShare) * width;

    double major = 0.43 * width;
    double minor = 0.31 * width * Math.pow(growth, 0.25);
    double ventricle = Math.hypot(major * Math.cos(tilt), minor * Math.sin(tilt));
    double ventricleHeight = Math.hypot(major * Math.sin(tilt), minor * Math.cos(tilt));
    double atrium = 0.23 * width;
    double atriumHeight = 4.3 * size * tall;
    double depth = 4.9 * size * Math.pow(growth, 0.4);
    return new Heart(
        List.of(
            new Ellipsoid(left - ventricle, floor - ventricleHeight, 2.6, major, minor, depth, tilt)
                .seen(geometry),
            new Ellipsoid(
                    right + atrium,
                    floor - atriumHeight - 0.2 * size,
                    2.2,
                    atrium,
                    atriumHeight,
                    0.85 * depth,
                    -0.1)
                .seen(geometry),
            new Ellipsoid(
                    0.13 * width,
                    floor - 5.3 * size * tall,
                    2.2,
                    0.34 * width,
                    5.2 * size * tall,
                    depth,
                    -0.2)
                .seen(geometry),
            new Ellipsoid(
                    0.13 * width + 0.3,
                    floor - 9.6 * size * tall,
                    2.4,
                    2.2 * size * Math.pow(growth, 0.4),
                    3.3 * size,
                    0.6 * depth,
                    -0.3)
                .seen(geometry)));
  }

  @Override
  public boolean trace(Rays rays, Spans spans) {
    return hull.trace(rays, spans);
  }
}
