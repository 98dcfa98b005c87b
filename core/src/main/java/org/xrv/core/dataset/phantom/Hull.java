package org.xrv.core.dataset.phantom;

import java.util.List;

/** What lies between the front and the back of some overlapping ellipsoids. */
final class Hull implements Solid {
  private final List<Ellipsoid> parts;
  private Spans scratch = new Spans(1);

  Hull(List<Ellipsoid> parts) {
    this.parts = List.copyOf(parts);
  }

  @Override
  public boolean trace(Rays rays, Spans spans) {
    if (scratch.near.length != rays.count()) {
      scratch = new Spans(rays.count());
    }
    spans.clear();
    boolean any = false;
    for (Ellipsoid part : parts) {
      if (part.trace(rays, scratch)) {
        spans.hull(scratch);
        any = true;
      }
    }
    return any;
  }
}
