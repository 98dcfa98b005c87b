package org.xrv.core.dataset.phantom;

/**
 * What lies in a paraboloid that opens upwards: the part of the chest that fluid at the bottom
 * leaves to the lung. The fluid stands higher towards the chest wall, as a meniscus does.
 *
 * @param x of the lowest point in cm
 * @param y of the lowest point in cm
 * @param z of the lowest point in cm
 * @param inner rise per square cm away from the lowest point towards smaller x
 * @param outer rise per square cm towards larger x
 * @param depth rise per square cm towards front or back
 */
record Bowl(double x, double y, double z, double inner, double outer, double depth)
    implements Solid {
  Bowl {
    if (!(inner > 0 && outer > 0 && depth > 0)) {
      throw new IllegalArgumentException("a bowl rises to every side");
    }
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
      float above = cy - rays.y[i] - (dx < 0 ? (float) inner : (float) outer) * dx * dx;
      if (above > 0) {
        float half = (float) Math.sqrt(above * perDepth);
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
