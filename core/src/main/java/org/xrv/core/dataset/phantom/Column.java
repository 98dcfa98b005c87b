package org.xrv.core.dataset.phantom;

/**
 * A solid made of a slice at every height y: |u|^2 (k + (1 - k) u^2) + w^2 = 1 with u across and w
 * in depth, an ellipse for k = 1, boxier for smaller k. Slices are given at steps of {@value #STEP}
 * cm and interpolated linearly. Trunk, lungs, mediastinum and great vessels are columns.
 */
final class Column implements Solid {
  static final double STEP = 1.0 / 8;
  static final double TOP = -34;
  static final double BOTTOM = 34;
  private static final int SLICES = (int) ((BOTTOM - TOP) / STEP) + 1;

  /** The slice at one height, in cm. */
  @FunctionalInterface
  interface Shape {
    /**
     * Describes the slice at y.
     *
     * @param slice receives centre x, half width, centre z, half depth; a half width of 0 or less
     *     means that there is no slice
     */
    void at(double y, double[] slice);
  }

  private final float[] slices = new float[4 * SLICES];
  private final float roundness;
  private final boolean soft;
  private final double first;
  private final double last;

  Column(double roundness, Shape shape) {
    this(roundness, false, shape);
  }

  /**
   * A column.
   *
   * @param soft whether the depth is proportional to 1 - |u|^2 (k + (1 - k) u^2) instead of its
   *     root: its silhouette fades towards the edge, as that of tissue wrapped by lung does
   */
  Column(double roundness, boolean soft, Shape shape) {
    this.roundness = (float) roundness;
    this.soft = soft;
    double[] slice = new double[4];
    double top = BOTTOM;
    double bottom = TOP;
    for (int i = 0; i < SLICES; i++) {
      double y = TOP + i * STEP;
      slice[1] = 0;
      shape.at(y, slice);
      for (int j = 0; j < 4; j++) {
        slices[4 * i + j] = (float) slice[j];
      }
      if (slice[1] > 0 && slice[3] > 0) {
        top = Math.min(top, y - STEP);
        bottom = Math.max(bottom, y + STEP);
      } else {
        slices[4 * i + 1] = 0;
        slices[4 * i + 3] = 0;
      }
    }
    this.first = top;
    this.last = bottom;
  }

  @Override
  public boolean trace(Rays rays, Spans spans) {
    int n = rays.count();
    float low = Math.min(rays.y[0], rays.y[n - 1]);
    float high = Math.max(rays.y[0], rays.y[n - 1]);
    if (high < first || low > last) {
      spans.clear();
      return false;
    }
    // Only rays between the borders of the slices that this row meets.
    int upper = slice(low);
    int lower = slice(high) + 1;
    double left = Double.MAX_VALUE;
    double right = -Double.MAX_VALUE;
    for (int i = upper; i <= lower; i++) {
      if (slices[4 * i + 1] > 0) {
        left = Math.min(left, slices[4 * i] - slices[4 * i + 1]);
        right = Math.max(right, slices[4 * i] + slices[4 * i + 1]);
      } else {
        // Next to an end the centre is interpolated towards that of an empty slice.
        left = Math.min(left, slices[4 * i]);
        right = Math.max(right, slices[4 * i]);
      }
    }
    int from = Math.min(n, rays.from(left));
    int to = Math.max(from, rays.to(right));
    spans.clearOutside(from, to);
    boolean any = false;
    for (int i = from; i < to; i++) {
      float position = (rays.y[i] - (float) TOP) * (float) (1 / STEP);
      int index = slice(rays.y[i]);
      float t = position - index;
      int at = 4 * index;
      spans.near[i] = 0;
      spans.far[i] = 0;
      float width = slices[at + 1] + t * (slices[at + 5] - slices[at + 1]);
      if (width > 0) {
        float centre = slices[at] + t * (slices[at + 4] - slices[at]);
        float u = (rays.x[i] - centre) / width;
        float u2 = u * u;
        float inside = 1 - u2 * (roundness + (1 - roundness) * u2);
        if (inside > 0) {
          float z = slices[at + 2] + t * (slices[at + 6] - slices[at + 2]);
          float depth = slices[at + 3] + t * (slices[at + 7] - slices[at + 3]);
          float half = depth * (soft ? inside : (float) Math.sqrt(inside));
          spans.near[i] = z - half;
          spans.far[i] = z + half;
          any = true;
        }
      }
    }
    return any;
  }

  private static int slice(float y) {
    return Math.max(0, Math.min(SLICES - 2, (int) ((y - (float) TOP) * (float) (1 / STEP))));
  }
}
