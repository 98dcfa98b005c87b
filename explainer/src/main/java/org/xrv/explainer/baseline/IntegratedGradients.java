package org.xrv.explainer.baseline;

import java.util.List;
import java.util.OptionalDouble;
import org.xrv.converter.autodiff.ReluRule;
import org.xrv.core.image.GrayImage;

/**
 * Integrated gradients (Sundararajan et al. 2017) with a baseline of zeros, which is mid-grey:
 * abs(x_i times the mean of d f / d x_i on the way from 0 to x), by Gauss-Legendre quadrature. The
 * shares of all pixels should add up to f(x) - f(0).
 *
 * @param steps of the quadrature, 1 to 1000; the paper takes 100
 */
public record IntegratedGradients(int steps) implements BaselineMethod {
  /** As in the paper (section "Baselines"). */
  public static final IntegratedGradients PAPER = new IntegratedGradients(100);

  public IntegratedGradients {
    if (steps < 1 || steps > 1000) {
      throw new IllegalArgumentException(steps + " steps; 1 to 1000");
    }
  }

  @Override
  public String title() {
    return "integrated";
  }

  @Override
  public BaselineMap of(ClassifierProbe classifier, GrayImage image, int target) {
    float[] x = image.pixels();
    GaussLegendre rule = GaussLegendre.unit(steps);
    double[] mean = new double[x.length];
    // Batch by batch: a hundred gradients of a large image need not be held at once.
    for (int from = 0; from < steps; from += ClassifierProbe.BATCH) {
      int first = from;
      int size = Math.min(ClassifierProbe.BATCH, steps - from);
      List<ClassifierProbe.Gradient> gradients =
          classifier.gradients(size, n -> scaled(x, rule.node(first + n)), target, ReluRule.EXACT);
      for (int n = 0; n < size; n++) {
        float[] g = gradients.get(n).values().data();
        double weight = rule.weight(first + n);
        for (int i = 0; i < mean.length; i++) {
          mean[i] += weight * g[i];
        }
      }
    }
    double sum = 0;
    for (int i = 0; i < mean.length; i++) {
      mean[i] *= x[i];
      sum += mean[i];
      mean[i] = Math.abs(mean[i]);
    }
    double[] ends = classifier.predictions(2, n -> n == 0 ? new float[x.length] : x, target);
    return new BaselineMap(
        BaselineMap.picture(image, mean),
        ends[1],
        OptionalDouble.of(Math.abs(sum - (ends[1] - ends[0]))));
  }

  private static float[] scaled(float[] x, double share) {
    float[] scaled = new float[x.length];
    for (int i = 0; i < x.length; i++) {
      scaled[i] = (float) (share * x[i]);
    }
    return scaled;
  }
}
