package org.xrv.converter.verify;

import java.util.Arrays;
import java.util.stream.DoubleStream;
import org.xrv.core.tensor.FloatTensor;

/**
 * How far two tensors are apart; everything is NaN when their shapes differ or one of them holds
 * what is no finite number.
 *
 * @param maxAbsolute largest difference between two elements
 * @param maxRelative that, divided by the largest magnitude of the expected tensor
 * @param meanAbsolute mean of the differences
 * @param cosine of the angle between both as vectors; 1 when both are zero
 */
public record Difference(
    double maxAbsolute, double maxRelative, double meanAbsolute, double cosine) {
  private static final Difference NONE =
      new Difference(Double.NaN, Double.NaN, Double.NaN, Double.NaN);

  /** Compares in float64. */
  public static Difference between(FloatTensor expected, FloatTensor actual) {
    if (!expected.shape().equals(actual.shape())) {
      return NONE;
    }
    double largest = 0;
    double worst = 0;
    double sum = 0;
    double dot = 0;
    double norms = 0;
    double normsOther = 0;
    for (int i = 0; i < expected.data().length; i++) {
      double a = expected.data()[i];
      double b = actual.data()[i];
      double difference = Math.abs(a - b);
      if (!Double.isFinite(difference)) {
        return NONE;
      }
      worst = Math.max(worst, difference);
      largest = Math.max(largest, Math.abs(a));
      sum += difference;
      dot += a * b;
      norms += a * a;
      normsOther += b * b;
    }
    double both = Math.sqrt(norms) * Math.sqrt(normsOther);
    return new Difference(
        worst,
        worst == 0 ? 0 : worst / largest,
        expected.data().length == 0 ? 0 : sum / expected.data().length,
        both == 0 ? (norms == normsOther ? 1 : 0) : Math.min(1, dot / both));
  }

  /** The largest of some errors; NaN when there is none, or one is no number. */
  public static double worst(DoubleStream errors) {
    double[] all = errors.toArray();
    // Math.max keeps NaN.
    return all.length == 0 ? Double.NaN : Arrays.stream(all).reduce(0, Math::max);
  }

  /** Whether it is within a limit; what is no number is not. */
  public boolean within(double limit) {
    return maxRelative < limit;
  }
}
