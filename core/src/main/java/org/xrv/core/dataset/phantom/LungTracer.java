package org.xrv.core.dataset.phantom;

import java.util.List;

/** The length of each ray in one lung that heart, vessels, diaphragm and findings leave to air. */
final class LungTracer {
  private final Solid lung;
  private final List<Solid> obstacles;
  private final Spans air;
  private final Spans[] cut;
  private final boolean[] meets;
  private final float[] starts;
  private final float[] ends;

  LungTracer(Scene scene, int lung, int rays) {
    this.lung = scene.lungs[lung];
    this.obstacles = scene.obstacles(lung);
    this.air = new Spans(rays);
    this.cut = new Spans[obstacles.size()];
    for (int i = 0; i < cut.length; i++) {
      cut[i] = new Spans(rays);
    }
    this.meets = new boolean[cut.length];
    this.starts = new float[cut.length];
    this.ends = new float[cut.length];
  }

  /**
   * Adds the lengths of a row of rays.
   *
   * @param lengths in cm, one for each ray
   * @return false when no ray meets the lung
   */
  boolean addAir(Rays rays, float[] lengths) {
    if (!lung.trace(rays, air)) {
      return false;
    }
    for (int i = 0; i < cut.length; i++) {
      meets[i] = obstacles.get(i).trace(rays, cut[i]);
    }
    for (int ray = 0; ray < lengths.length; ray++) {
      if (air.far[ray] > air.near[ray]) {
        lengths[ray] += left(ray);
      }
    }
    return true;
  }

  private float left(int ray) {
    float near = air.near[ray];
    float far = air.far[ray];
    int count = 0;
    for (int i = 0; i < cut.length; i++) {
      if (!meets[i]) {
        continue;
      }
      float start = Math.max(near, cut[i].near[ray]);
      float end = Math.min(far, cut[i].far[ray]);
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
