package org.xrv.core.dataset.phantom;

/**
 * The part of a solid above a level: gas over fluid in somebody who stands.
 *
 * @param whole the solid
 * @param level y in cm
 */
record Above(Solid whole, double level) implements Solid {
  @Override
  public boolean trace(Rays rays, Spans spans) {
    if (!whole.trace(rays, spans)) {
      return false;
    }
    for (int i = 0; i < rays.count(); i++) {
      if (rays.y[i] > level) {
        spans.near[i] = 0;
        spans.far[i] = 0;
      }
    }
    return true;
  }
}
