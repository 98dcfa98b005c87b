package org.xrv.converter.optimize;

import org.xrv.core.tensor.FloatTensor;

/**
 * How far one output of an exported network is from the original's, on one batch.
 *
 * @param network file's name without its ending; "autoencoder" for decoder behind encoder
 * @param batch number of images
 * @param maxAbsolute largest difference between two elements, in the output's units (of images:
 *     pixel values)
 * @param maxRelative that, divided by the largest magnitude of the original's output
 * @param meanAbsolute mean difference, in the output's units
 */
public record Difference(
    String network,
    String output,
    int batch,
    double maxAbsolute,
    double maxRelative,
    double meanAbsolute) {

  /** Compares; NaN where a number is none, or the shapes differ. */
  static Difference of(String network, String output, FloatTensor expected, FloatTensor actual) {
    int batch = expected.shape().dim(0);
    double absolute = expected.shape().equals(actual.shape()) ? 0 : Double.NaN;
    double largest = 0;
    double sum = 0;
    for (int i = 0; i < expected.data().length && !Double.isNaN(absolute); i++) {
      double difference = Math.abs((double) expected.data()[i] - actual.data()[i]);
      sum += difference;
      largest = Math.max(largest, Math.abs(expected.data()[i]));
      absolute = Double.isFinite(difference) ? Math.max(absolute, difference) : Double.NaN;
    }
    return new Difference(
        network,
        output,
        batch,
        absolute,
        absolute == 0 ? 0 : absolute / largest,
        Double.isNaN(absolute) ? Double.NaN : sum / expected.data().length);
  }
}
