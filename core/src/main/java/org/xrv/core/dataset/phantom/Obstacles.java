package org.xrv.core.dataset.phantom;

import java.util.List;

/** Solids traced once for each row of rays, however many ask. */
final class Obstacles {
  final Spans[] cut;
  final boolean[] meets;
  private final List<Solid> solids;
  private long row = -1;

  Obstacles(List<Solid> solids, int rays) {
    this.solids = List.copyOf(solids);
    this.cut = new Spans[solids.size()];
    for (int i = 0; i < cut.length; i++) {
      cut[i] = new Spans(rays);
    }
    this.meets = new boolean[cut.length];
  }

  void update(Rays rays) {
    if (rays.row() == row) {
      return;
    }
    row = rays.row();
    for (int i = 0; i < cut.length; i++) {
      meets[i] = solids.get(i).trace(rays, cut[i]);
    }
  }
}
