package org.xrv.explainer.baseline;

import java.util.List;
import java.util.Random;
import org.xrv.converter.autodiff.ReluRule;
import org.xrv.core.image.GrayImage;

/**
 * SmoothGrad (Smilkov et al. 2017): the absolute value of the mean gradient at noisy copies of the
 * image.
 *
 * @param samples noisy copies, 1 to 10000; the paper of the method takes 50
 * @param noise standard deviation of the noise, as a share of the image's range of values; above 0
 * @param seed of the noise
 */
public record SmoothGrad(int samples, double noise, long seed) implements BaselineMethod {
  /** As its paper recommends (noise of 10 to 20 %). */
  public static final SmoothGrad RECOMMENDED = new SmoothGrad(50, 0.15, 1);

  public SmoothGrad {
    if (samples < 1 || samples > 10_000 || !(noise > 0)) {
      throw new IllegalArgumentException(samples + " samples of noise " + noise);
    }
  }

  @Override
  public String title() {
    return "smoothgrad";
  }

  @Override
  public BaselineMap of(ClassifierProbe classifier, GrayImage image, int target) {
    float[] x = image.pixels();
    float low = x[0];
    float high = x[0];
    for (float v : x) {
      low = Math.min(low, v);
      high = Math.max(high, v);
    }
    double deviation = noise * (high - low);
    Random random = new Random(seed);
    double[] mean = new double[x.length];
    for (int from = 0; from < samples; from += ClassifierProbe.BATCH) {
      int size = Math.min(ClassifierProbe.BATCH, samples - from);
      List<ClassifierProbe.Gradient> gradients =
          classifier.gradients(size, n -> noisy(x, deviation, random), target, ReluRule.EXACT);
      for (ClassifierProbe.Gradient g : gradients) {
        for (int i = 0; i < mean.length; i++) {
          mean[i] += g.values().data()[i] / (double) samples;
        }
      }
    }
    for (int i = 0; i < mean.length; i++) {
      mean[i] = Math.abs(mean[i]);
    }
    return BaselineMap.of(image, mean, classifier.prediction(image, target));
  }

  private static float[] noisy(float[] x, double deviation, Random random) {
    float[] noisy = new float[x.length];
    for (int i = 0; i < x.length; i++) {
      noisy[i] = (float) (x[i] + deviation * random.nextGaussian());
    }
    return noisy;
  }
}
