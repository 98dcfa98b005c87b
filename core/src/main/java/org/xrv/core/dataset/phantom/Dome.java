package org.xrv.core.dataset.phantom;

/**
 * What lies under a paraboloid that opens downwards: one half of the diaphragm and the belly below.
 *
 * @param x of the summit in cm
 * @param y of the summit in cm
 * @param z of the summit in cm
 * @param inner fall per square cm away from the summit towards smaller x
 * @param outer fall per square cm towards larger x
 * @param depth fall per square cm towards front or back
 */
record Dome(double x, double y, double z, double inner, double outer, double depth)
    implements Solid {
  Dome {
    if (!(inner > 0 && outer > 0 && depth > 0)) {
      throw new IllegalArgumentException("a dome falls to every side");
    }
  }

  Dome seen(Geometry geometry) {
    double m = geometry.magnification(z);
    return new Dome(geometry.x(x, z), geometry.y(y, z), z, inner / m, outer / m, depth * m);
  }

  @Override
  public boolean trace(Rays rays, Spans spans) {
    float cx = (float) x;
    float cy = (float) y;
    float cz = (float) z;
    float perDepth = (float) (1 / depth);
    boolean any = false;
    for (int i = 0; i < rays.count(); i++) {
      float dx = rays.x[i] - cx;
      float below = rays.y[i] - cy - (dx < 0 ? (float) inner : (float) outer) * dx * dx;
      if (below > 0) {
        float half = (float) Math.sqrt(below * perDepth);
        spans.near[i] = cz - half;
        spans.far[i] = cz + half;
        any = true;
      } else {
        spans.near[i] = 0;
        spans.far[i] = 0;
      }
    }
    return any;
  }
}
