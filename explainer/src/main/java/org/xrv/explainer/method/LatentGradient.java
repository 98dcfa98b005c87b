package org.xrv.explainer.method;

import java.util.Objects;
import org.xrv.core.tensor.FloatTensor;

/**
 * The gradient g = d f(D(z)) / d z of one target at one latent code.
 *
 * @param values of z's shape, finite
 * @param prediction f(D(z)), as the program computed it on the way
 * @param norm the Euclidean norm of the values
 */
public record LatentGradient(FloatTensor values, double prediction, double norm) {
  public LatentGradient {
    Objects.requireNonNull(values);
  }

  static LatentGradient of(FloatTensor values, double prediction) {
    double sum = 0;
    for (float v : values.data()) {
      sum += (double) v * v;
    }
    return new LatentGradient(values, prediction, Math.sqrt(sum));
  }
}
