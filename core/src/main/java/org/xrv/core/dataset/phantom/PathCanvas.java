package org.xrv.core.dataset.phantom;

import java.util.Arrays;

/**
 * Draws curved tubes into a picture of thicknesses: each pixel near a tube takes the profile at its
 * distance from the nearest piece of the axis, averaged over the pixel's width.
 */
final class PathCanvas {
  /** How a tube's thickness joins what is there. */
  interface Joiner {
    float join(float before, float thickness, int pixel);
  }

  static final Joiner ADD = (before, thickness, pixel) -> before + thickness;
  static final Joiner MAX = (before, thickness, pixel) -> Math.max(before, thickness);

  private final Frame frame;
  private final float softness;
  private final float[] distance;
  private final float[] halfWidth;
  private final float[] weight;

  /** Which pixels of each row the tube being drawn may have touched. */
  private final int[] rowFrom;

  private final int[] rowTo;

  /**
   * A canvas.
   *
   * @param blur half width in cm over which edges are blurred beside the pixel's own
   */
  PathCanvas(Frame frame, double blur) {
    this.frame = frame;
    this.softness = (float) Math.hypot(0.5, blur / frame.pixel());
    int pixels = frame.resolution() * frame.resolution();
    this.distance = new float[pixels];
    Arrays.fill(distance, Float.MAX_VALUE);
    this.halfWidth = new float[pixels];
    this.weight = new float[pixels];
    this.rowFrom = new int[frame.resolution()];
    Arrays.fill(rowFrom, Integer.MAX_VALUE);
    this.rowTo = new int[frame.resolution()];
    Arrays.fill(rowTo, -1);
  }

  /** Draws a tube; thicknesses are in cm, or in coverage (0 to 1) for {@link Profile#RIBBON}. */
  void draw(Path path, Profile profile, float[] target, Joiner joiner) {
    int n = frame.resolution();
    int top = n;
    int bottom = -1;
    double scale = 1 / frame.pixel();
    for (int i = 0; i + 1 < path.size; i++) {
      float x0 = (float) frame.column(path.x[i], path.y[i]);
      float y0 = (float) frame.row(path.x[i], path.y[i]);
      float x1 = (float) frame.column(path.x[i + 1], path.y[i + 1]);
      float y1 = (float) frame.row(path.x[i + 1], path.y[i + 1]);
      float r0 = (float) (path.halfWidth[i] * scale);
      float r1 = (float) (path.halfWidth[i + 1] * scale);
      float reach = Math.max(r0, r1) + softness;
      int fromX = Math.max(0, (int) Math.floor(Math.min(x0, x1) - reach));
      int toX = Math.min(n - 1, (int) Math.floor(Math.max(x0, x1) + reach));
      int fromY = Math.max(0, (int) Math.floor(Math.min(y0, y1) - reach));
      int toY = Math.min(n - 1, (int) Math.floor(Math.max(y0, y1) + reach));
      if (fromX > toX || fromY > toY) {
        continue;
      }
      top = Math.min(top, fromY);
      bottom = Math.max(bottom, toY);
      float dx = x1 - x0;
      float dy = y1 - y0;
      float perLength = 1 / Math.max(1e-12f, dx * dx + dy * dy);
      float w0 = (float) path.weight[i];
      float w1 = (float) path.weight[i + 1];
      float reach2 = reach * reach;
      // Across the piece at one height: its reach, and how far it runs while the row passes it.
      boolean level = Math.abs(dy) <= 1e-6f;
      for (int y = fromY; y <= toY; y++) {
        float py = y + 0.5f - y0;
        int start = fromX;
        int end = toX;
        if (!level) {
          float ta = Math.max(0, Math.min(1, (py - reach) / dy));
          float tb = Math.max(0, Math.min(1, (py + reach) / dy));
          float xa = x0 + ta * dx;
          float xb = x0 + tb * dx;
          start = Math.max(fromX, (int) Math.floor(Math.min(xa, xb) - reach));
          end = Math.min(toX, (int) Math.floor(Math.max(xa, xb) + reach));
        }
        if (start > end) {
          continue;
        }
        rowFrom[y] = Math.min(rowFrom[y], start);
        rowTo[y] = Math.max(rowTo[y], end);
        for (int x = start; x <= end; x++) {
          float px = x + 0.5f - x0;
          float t = Math.max(0, Math.min(1, (px * dx + py * dy) * perLength));
          float ex = px - t * dx;
          float ey = py - t * dy;
          float d2 = ex * ex + ey * ey;
          int at = y * n + x;
          if (d2 < reach2 && d2 < distance[at]) {
            distance[at] = d2;
            halfWidth[at] = r0 + t * (r1 - r0);
            weight[at] = w0 + t * (w1 - w0);
          }
        }
      }
    }
    boolean thick = profile != Profile.RIBBON;
    float pixel = (float) frame.pixel();
    for (int y = top; y <= bottom; y++) {
      int start = rowFrom[y];
      int end = rowTo[y];
      rowFrom[y] = Integer.MAX_VALUE;
      rowTo[y] = -1;
      for (int x = start; x <= end; x++) {
        int at = y * n + x;
        if (distance[at] != Float.MAX_VALUE) {
          float perWidth = 1 / halfWidth[at];
          float mean =
              profile.mean((float) Math.sqrt(distance[at]) * perWidth, softness * perWidth);
          distance[at] = Float.MAX_VALUE;
          float thickness = mean * weight[at] * (thick ? halfWidth[at] * pixel : 1);
          if (thickness > 0) {
            target[at] = joiner.join(target[at], thickness, at);
          }
        }
      }
    }
  }
}
