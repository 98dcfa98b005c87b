package org.xrv.core.dataset.phantom;

/** A smooth curve through points (Catmull and Rom's spline); constant before and after them. */
final class Curve {
  private final double[] points;

  /**
   * A curve through (x0, y0), (x1, y1) ...
   *
   * @param points x and y in turn, x increasing
   */
  Curve(double... points) {
    if (points.length < 4 || points.length % 2 != 0) {
      throw new IllegalArgumentException(points.length + " numbers for a curve");
    }
    for (int i = 2; i < points.length; i += 2) {
      if (points[i] <= points[i - 2]) {
        throw new IllegalArgumentException("x must increase: " + points[i]);
      }
    }
    this.points = points.clone();
  }

  double at(double x) {
    int last = points.length / 2 - 1;
    if (x <= points[0]) {
      return points[1];
    }
    if (x >= points[2 * last]) {
      return points[2 * last + 1];
    }
    int i = 0;
    while (points[2 * i + 2] < x) {
      i++;
    }
    double width = points[2 * i + 2] - points[2 * i];
    double t = (x - points[2 * i]) / width;
    double y0 = points[2 * i + 1];
    double y1 = points[2 * i + 3];
    double m0 = slope(i) * width;
    double m1 = slope(i + 1) * width;
    double t2 = t * t;
    double t3 = t2 * t;
    return (2 * t3 - 3 * t2 + 1) * y0
        + (t3 - 2 * t2 + t) * m0
        + (3 * t2 - 2 * t3) * y1
        + (t3 - t2) * m1;
  }

  private double slope(int i) {
    int last = points.length / 2 - 1;
    if (i == 0 || i == last) {
      return 0;
    }
    return (points[2 * i + 3] - points[2 * i - 1]) / (points[2 * i + 2] - points[2 * i - 2]);
  }
}
