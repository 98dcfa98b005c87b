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
    org.xrv.converter.verify.Difference d =
        org.xrv.converter.verify.Difference.between(expected, actual);
    return new Difference(
        network,
        output,
        expected.shape().dim(0),
        d.maxAbsolute(),
        d.maxRelative(),
        d.meanAbsolute());
  }
}
