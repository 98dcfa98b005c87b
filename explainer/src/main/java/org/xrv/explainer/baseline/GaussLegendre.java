package org.xrv.explainer.baseline;

/**
 * Gauss-Legendre quadrature on [0, 1]: exact for polynomials of degree 2 n - 1. Nodes are the roots
 * of the Legendre polynomial, by Newton's method from Tricomi's approximation (Abramowitz and
 * Stegun 22.16.6, 25.4.29).
 */
final class GaussLegendre {
  private final double[] nodes;
  private final double[] weights;

  private GaussLegendre(double[] nodes, double[] weights) {
    this.nodes = nodes;
    this.weights = weights;
  }

  static GaussLegendre unit(int n) {
    double[] nodes = new double[n];
    double[] weights = new double[n];
    for (int i = 0; i < n; i++) {
      double x = Math.cos(Math.PI * (n - i - 0.25) / (n + 0.5));
      double slope = 0;
      for (int iteration = 0; iteration < 100; iteration++) {
        double before = 1;
        double now = x;
        for (int k = 2; k <= n; k++) {
          double next = ((2 * k - 1) * x * now - (k - 1) * before) / k;
          before = now;
          now = next;
        }
        slope = n * (x * now - before) / (x * x - 1);
        double step = now / slope;
        x -= step;
        if (Math.abs(step) < 1e-15) {
          break;
        }
      }
      nodes[i] = (1 + x) / 2;
      weights[i] = 1 / ((1 - x * x) * slope * slope);
    }
    return new GaussLegendre(nodes, weights);
  }

  int size() {
    return nodes.length;
  }

  /** In (0, 1), rising. */
  double node(int i) {
    return nodes[i];
  }

  /** They add up to 1. */
  double weight(int i) {
    return weights[i];
  }
}
