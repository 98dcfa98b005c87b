package org.xrv.core.dataset.phantom;

import java.util.ArrayList;
import java.util.List;
import org.xrv.core.random.KeyedRandom;

/**
 * Finds places in the lungs that stay lung whatever other findings the patient has: clear of the
 * enlarged heart, the raised diaphragm, the fluid and the gas that this patient would have. So a
 * finding's place depends on the patient alone, and no finding hides another.
 */
final class Sites {
  private static final int TRIES = 80;

  private final Chest chest;
  private final Geometry geometry;
  private final List<Solid> taken = new ArrayList<>();
  private final List<Solid> growths = new ArrayList<>();
  private final Bowl aboveFluid;
  private final int fluidSide;
  private final Column collapsed;
  private final int gasSide;
  private final Rays ray = new Rays(1);
  private final Spans span = new Spans(1);

  Sites(PhantomPatient patient, Chest chest, Geometry geometry, List<Solid> mediastinum) {
    this.chest = chest;
    this.geometry = geometry;
    taken.addAll(mediastinum);
    taken.add(
        Heart.of(
            patient,
            chest,
            geometry,
            patient.heartRatio(patient.severity(Pathology.CARDIOMEGALY))));
    double rise = Collapse.rise(chest, patient.severity(Pathology.ATELECTASIS));
    for (int side = -1; side <= 1; side += 2) {
      taken.add(Lungs.dome(patient, chest, geometry, side, rise));
    }
    aboveFluid = Pleura.aboveFluid(patient, chest, geometry, patient.severity(Pathology.EFFUSION));
    fluidSide = Pleura.side(patient, Pathology.EFFUSION);
    collapsed =
        Pleura.collapsed(patient, chest, geometry, patient.severity(Pathology.PNEUMOTHORAX), 0);
    gasSide = Pleura.side(patient, Pathology.PNEUMOTHORAX);
  }

  /** Keeps a growth's place in the picture free of later choices. */
  void take(Solid solid) {
    growths.add(solid);
  }

  /**
   * A place for a ball.
   *
   * @param radius in cm; the ball fits with most of its volume
   */
  Site choose(KeyedRandom random, double radius) {
    Site best = null;
    double most = -Double.MAX_VALUE;
    for (int i = 0; i < TRIES && (best == null || most < 0); i++) {
      int side = random.nextDouble() < 0.5 ? -1 : 1;
      double dome = side < 0 ? chest.rightDome() : chest.leftDome();
      double y = random.nextDouble(chest.apex() + 2.5 + radius, dome - 0.4 * radius);
      double wall = chest.wall(y) - 0.8 * radius - 0.6;
      double x = side * random.nextDouble(Math.min(4.2 + 0.4 * radius, wall - 0.1), wall);
      double z = random.nextDouble(-0.35, 0.35) * chest.halfDepth(y);
      Site site = new Site(side, x, y, z);
      double room = room(site, radius);
      if (room > most) {
        most = room;
        best = site;
      }
    }
    return best;
  }

  /** Negative by how many cm the ball leaves the lung along the ray through its middle; or 0. */
  private double room(Site site, double radius) {
    ray.x[0] = (float) geometry.x(site.x(), site.z());
    ray.y[0] = (float) geometry.y(site.y(), site.z());
    double from = site.z() - 0.7 * radius;
    double to = site.z() + 0.7 * radius;
    double worst = 0;
    for (Solid solid : taken) {
      if (solid.trace(ray, span)) {
        worst = Math.min(worst, Math.max(from - span.far[0], span.near[0] - to));
      }
    }
    worst = Math.min(worst, -behindGrowths(site, radius));
    if (site.side() == fluidSide) {
      worst = Math.min(worst, inside(aboveFluid, from, to));
    }
    if (site.side() == gasSide) {
      worst = Math.min(worst, inside(collapsed, from, to));
    }
    return worst;
  }

  /** In how many of nine directions the ball would be seen on a growth. */
  private int behindGrowths(Site site, double radius) {
    if (growths.isEmpty()) {
      return 0;
    }
    double reach = 1.15 * radius * geometry.magnification(site.z());
    double x = ray.x[0];
    double y = ray.y[0];
    int hits = 0;
    for (int i = 0; i <= 8; i++) {
      double away = i == 8 ? 0 : reach;
      ray.x[0] = (float) (x + away * Math.cos(i * Math.PI / 4));
      ray.y[0] = (float) (y + away * Math.sin(i * Math.PI / 4));
      for (Solid growth : growths) {
        hits += growth.trace(ray, span) ? 1 : 0;
      }
    }
    ray.x[0] = (float) x;
    ray.y[0] = (float) y;
    return hits;
  }

  private double inside(Solid solid, double from, double to) {
    if (!solid.trace(ray, span)) {
      return from - to;
    }
    return Math.min(0, Math.min(from - span.near[0], span.far[0] - to));
  }
}
