package org.xrv.core.dataset.phantom;

import java.util.ArrayList;
import java.util.List;

/** The length of each ray in one lung that heart, vessels, diaphragm and findings leave to air. */
final class LungTracer {
  private final Solid lung;
  private final Solid aboveFluid;
  private final Solid collapsed;
  private final Solid withinMembrane;
  private final Obstacles centre;
  private final Obstacles own;
  private final Spans air;
  private final Spans limit;
  private final Spans inner;
  private final Spans[] active;
  private final float[] starts;
  private final float[] ends;
  private int met;

  /**
   * A tracer.
   *
   * @param centre what both lungs share, {@link Scene#centre}
   */
  LungTracer(Scene scene, int lung, Obstacles centre, int rays) {
    this.lung = scene.lungs[lung];
    this.aboveFluid = scene.aboveFluid[lung];
    this.collapsed = scene.collapsed[lung];
    this.withinMembrane = scene.withinMembrane[lung];
    this.centre = centre;
    List<Solid> mine = new ArrayList<>(scene.lumps.get(lung));
    mine.add(scene.domes[lung]);
    this.own = new Obstacles(mine, rays);
    this.air = new Spans(rays);
    this.limit = new Spans(rays);
    this.inner = new Spans(rays);
    int most = centre.cut.length + own.cut.length;
    this.active = new Spans[most];
    this.starts = new float[most];
    this.ends = new float[most];
  }

  LungTracer(Scene scene, int lung, int rays) {
    this(scene, lung, new Obstacles(scene.centre(), rays), rays);
  }

  /** Whether there is gas between this lung and the chest wall. */
  boolean hasGas() {
    return collapsed != null;
  }

  /**
   * Adds the lengths of a row of rays.
   *
   * @param lengths in cm, one for each ray
   * @return false when no ray meets the lung
   */
  boolean addAir(Rays rays, float[] lengths) {
    return addAir(rays, lengths, null);
  }

  /**
   * Adds the lengths of a row of rays.
   *
   * @param lengths in lung, cm, one for each ray
   * @param gas lengths in gas between lung and chest wall, cm; null when nobody asks
   * @return false when no ray meets the space of the lung
   */
  boolean addAir(Rays rays, float[] lengths, float[] gas) {
    if (!lung.trace(rays, air)) {
      return false;
    }
    met = 0;
    gather(centre, rays);
    gather(own, rays);
    if (aboveFluid != null) {
      aboveFluid.trace(rays, limit);
      air.cut(limit);
    }
    if (collapsed == null) {
      for (int ray = 0; ray < lengths.length; ray++) {
        if (air.far[ray] > air.near[ray]) {
          lengths[ray] += left(ray, air);
        }
      }
      return true;
    }
    withinMembrane.trace(rays, inner);
    inner.cut(air);
    collapsed.trace(rays, limit);
    limit.cut(air);
    for (int ray = 0; ray < lengths.length; ray++) {
      if (air.far[ray] > air.near[ray]) {
        lengths[ray] += left(ray, inner);
        if (gas != null) {
          gas[ray] += left(ray, air) - left(ray, limit);
        }
      }
    }
    return true;
  }

  private void gather(Obstacles obstacles, Rays rays) {
    obstacles.update(rays);
    for (int i = 0; i < obstacles.cut.length; i++) {
      if (obstacles.meets[i]) {
        active[met++] = obstacles.cut[i];
      }
    }
  }

  private float left(int ray, Spans within) {
    float near = within.near[ray];
    float far = within.far[ray];
    if (far <= near) {
      return 0;
    }
    int count = 0;
    for (int i = 0; i < met; i++) {
      float start = Math.max(near, active[i].near[ray]);
      float end = Math.min(far, active[i].far[ray]);
      if (end > start) {
        int at = count++;
        while (at > 0 && starts[at - 1] > start) {
          starts[at] = starts[at - 1];
          ends[at] = ends[at - 1];
          at--;
        }
        starts[at] = start;
        ends[at] = end;
      }
    }
    float length = far - near;
    float reached = near;
    for (int i = 0; i < count; i++) {
      float start = Math.max(reached, starts[i]);
      if (ends[i] > start) {
        length -= ends[i] - start;
        reached = ends[i];
      }
    }
    return length;
  }
}
