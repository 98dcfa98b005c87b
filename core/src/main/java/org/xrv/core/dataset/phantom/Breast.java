package org.xrv.core.dataset.phantom;

/**
 * A breast or a chest muscle, thickest in the middle: below it ends in a fold that shows as a line,
 * above it fades into the chest.
 *
 * @param whole its outline; above its middle it reaches {@value #RISE} times as high
 */
record Breast(Ellipsoid whole) implements Solid {
  private static final double RISE = 2;

  @Override
  public boolean trace(Rays rays, Spans spans) {
    float cos = (float) Math.cos(whole.angle());
    float sin = (float) Math.sin(whole.angle());
    float perA = (float) (1 / whole.a());
    float perB = (float) (1 / whole.b());
    float depth = (float) whole.c();
    // Higher than the ellipsoid, it is as wide at most.
    double reach = Math.max(whole.a(), RISE * whole.b());
    int from = rays.from(whole.x() - reach);
    int to = Math.max(from, rays.to(whole.x() + reach));
    spans.clearOutside(from, to);
    boolean any = false;
    for (int i = from; i < to; i++) {
      float dx = rays.x[i] - (float) whole.x();
      float dy = rays.y[i] - (float) whole.y();
      float u = (cos * dx + sin * dy) * perA;
      float v = (cos * dy - sin * dx) * perB;
      if (v < 0) {
        v *= (float) (1 / RISE);
      }
      float inside = 1 - u * u - v * v;
      spans.near[i] = 0;
      spans.far[i] = 0;
      if (inside > 0) {
        // A power from 1/2, an ellipsoid's, below to 2, without an edge, at the top.
        double power = v < 0 ? 0.5 - 1.5 * v : 0.5;
        float half = depth * (float) Math.pow(inside, power);
        spans.near[i] = (float) whole.z() - half;
        spans.far[i] = (float) whole.z() + half;
        any = true;
      }
    }
    return any;
  }
}
