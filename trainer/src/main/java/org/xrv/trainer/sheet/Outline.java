package org.xrv.trainer.sheet;

import java.awt.geom.Path2D;
import org.xrv.core.image.GrayImage;

/**
 * The line around a mask where it crosses one half, by marching squares (Lorensen and Cline's
 * method in the plane): it lies between pixel centres, so that a soft mask has a smooth outline.
 */
final class Outline {
  private static final float LEVEL = 0.5f;

  private Outline() {}

  /** In pixels of a picture on which the mask's top left corner is at (left, top). */
  static Path2D of(GrayImage mask, int left, int top) {
    Path2D path = new Path2D.Float();
    // One ring of zeros outside closes the lines at the picture's edge.
    for (int row = -1; row < mask.height(); row++) {
      for (int column = -1; column < mask.width(); column++) {
        square(path, mask, row, column, left + 0.5, top + 0.5);
      }
    }
    return path;
  }

  /** The square between four neighbouring pixel centres. */
  private static void square(
      Path2D path, GrayImage mask, int row, int column, double left, double top) {
    float a = at(mask, row, column);
    float b = at(mask, row, column + 1);
    float c = at(mask, row + 1, column + 1);
    float d = at(mask, row + 1, column);
    double[] x = new double[4];
    double[] y = new double[4];
    int n = 0;
    if (crosses(a, b)) {
      x[n] = column + share(a, b);
      y[n++] = row;
    }
    if (crosses(b, c)) {
      x[n] = column + 1;
      y[n++] = row + share(b, c);
    }
    if (crosses(d, c)) {
      x[n] = column + share(d, c);
      y[n++] = row + 1;
    }
    if (crosses(a, d)) {
      x[n] = column;
      y[n++] = row + share(a, d);
    }
    for (int i = 0; i + 1 < n; i += 2) {
      path.moveTo(left + x[i], top + y[i]);
      path.lineTo(left + x[i + 1], top + y[i + 1]);
    }
  }

  private static boolean crosses(float from, float to) {
    return (from >= LEVEL) != (to >= LEVEL);
  }

  private static double share(float from, float to) {
    return (LEVEL - from) / (to - from);
  }

  private static float at(GrayImage mask, int row, int column) {
    boolean inside = row >= 0 && column >= 0 && row < mask.height() && column < mask.width();
    return inside ? mask.at(row, column) : 0;
  }
}
