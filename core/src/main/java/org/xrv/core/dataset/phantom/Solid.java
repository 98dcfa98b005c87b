package org.xrv.core.dataset.phantom;

/** A body that every ray along z enters and leaves at most once. */
interface Solid {
  /**
   * Where each ray of a row is inside.
   *
   * @param spans receives the answer for every ray, whatever it held before
   * @return false when no ray meets the solid
   */
  boolean trace(Rays rays, Spans spans);
}
