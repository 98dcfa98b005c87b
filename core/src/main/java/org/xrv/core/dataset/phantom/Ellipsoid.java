package org.xrv.core.dataset.phantom;

/**
 * An ellipsoid with one axis along z and the others turned by an angle in the picture's plane.
 *
 * @param x centre in cm
 * @param y centre in cm
 * @param z centre in cm
 * @param a half axis in cm along x before the turn
 * @param b half axis in cm along y before the turn
 * @param c half axis in cm along z
 * @param angle radians, from x towards y
 */
record Ellipsoid(double x, double y, double z, double a, double b, double c, double angle)
    implements Solid {
  Ellipsoid {
    if (!(a > 0 && b > 0 && c > 0)) {
      throw new IllegalArgumentException("half axes " + a + ", " + b + ", " + c);
    }
  }

  /** Half of the width in x. */
  double halfWidth() {
    return Math.hypot(a * Math.cos(angle), b * Math.sin(angle));
  }

  /** Half of the height in y. */
  double halfHeight() {
    return Math.hypot(a * Math.sin(angle), b * Math.cos(angle));
  }

  Ellipsoid seen(Geometry geometry) {
    double m = geometry.magnification(z);
    return new Ellipsoid(geometry.x(x, z), geometry.y(y, z), z, a * m, b * m, c, angle);
  }

  @Override
  public boolean trace(Rays rays, Spans spans) {
    float ux = (float) (Math.cos(angle) / a);
    float uy = (float) (Math.sin(angle) / a);
    float vx = (float) (-Math.sin(angle) / b);
    float vy = (float) (Math.cos(angle) / b);
    float cx = (float) x;
    float cy = (float) y;
    float cz = (float) z;
    float depth = (float) c;
    int n = rays.count();
    if (Math.max(rays.y[0], rays.y[n - 1]) < y - halfHeight()
        || Math.min(rays.y[0], rays.y[n - 1]) > y + halfHeight()) {
      spans.clear();
      return false;
    }
    int from = rays.from(x - halfWidth());
    int to = Math.max(from, rays.to(x + halfWidth()));
    spans.clearOutside(from, to);
    boolean any = false;
    for (int i = from; i < to; i++) {
      float dx = rays.x[i] - cx;
      float dy = rays.y[i] - cy;
      float u = ux * dx + uy * dy;
      float v = vx * dx + vy * dy;
      float inside = 1 - u * u - v * v;
      if (inside > 0) {
        float half = depth * (float) Math.sqrt(inside);
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
