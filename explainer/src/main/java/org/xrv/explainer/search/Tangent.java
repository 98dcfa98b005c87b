package org.xrv.explainer.search;

/**
 * What is known before the first frame is made.
 *
 * @param prediction at lambda 0
 * @param slope the prediction's derivative with respect to lambda at lambda 0: the square of the
 *     gradient's norm; above 0
 */
public record Tangent(double prediction, double slope) {
  public Tangent {
    if (!Double.isFinite(prediction) || !(slope > 0 && slope < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("prediction " + prediction + ", slope " + slope);
    }
  }
}
