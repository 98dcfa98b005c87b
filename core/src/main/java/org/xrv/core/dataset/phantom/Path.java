package org.xrv.core.dataset.phantom;

import java.util.Arrays;

/** A curved tube: points of its axis on the picture, half width and weight at each. */
final class Path {
  double[] x = new double[8];
  double[] y = new double[8];
  double[] halfWidth = new double[8];
  double[] weight = new double[8];
  int size;

  /**
   * Appends a point.
   *
   * @param x in cm
   * @param y in cm
   * @param halfWidth in cm
   * @param weight factor on the thickness, such as 1 / the cosine between ray and cross-section
   */
  Path add(double x, double y, double halfWidth, double weight) {
    if (size == this.x.length) {
      this.x = Arrays.copyOf(this.x, 2 * size);
      this.y = Arrays.copyOf(this.y, 2 * size);
      this.halfWidth = Arrays.copyOf(this.halfWidth, 2 * size);
      this.weight = Arrays.copyOf(this.weight, 2 * size);
    }
    this.x[size] = x;
    this.y[size] = y;
    this.halfWidth[size] = halfWidth;
    this.weight[size] = weight;
    size++;
    return this;
  }

  Path add(double x, double y, double halfWidth) {
    return add(x, y, halfWidth, 1);
  }

  /** Drops the end of a path that tapers, from the first point of a smaller half width in cm. */
  void endWhereThinnerThan(double least) {
    for (int i = 0; i < size; i++) {
      if (halfWidth[i] < least) {
        size = i;
        return;
      }
    }
  }
}
