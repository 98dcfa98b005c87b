package org.xrv.explainer.baseline;

import java.util.Random;
import org.xrv.core.image.GrayImage;

/** Maps that know nothing of the classifier: what a method has to beat. */
public enum Control implements BaselineMethod {
  /** Every pixel's rank by chance, the same for images of one size. */
  RANDOM {
    @Override
    double[] map(int height, int width) {
      Random random = new Random(1);
      double[] map = new double[height * width];
      for (int i = 0; i < map.length; i++) {
        map[i] = random.nextDouble();
      }
      return map;
    }
  },
  /**
   * The nearer to the centre, the higher: findings lie in the chest, and the chest in the middle.
   */
  CENTRE {
    @Override
    double[] map(int height, int width) {
      double[] map = new double[height * width];
      for (int r = 0; r < height; r++) {
        double y = (r + 0.5) / height - 0.5;
        for (int c = 0; c < width; c++) {
          double x = (c + 0.5) / width - 0.5;
          // A normal distribution of a quarter of the side, as fixation studies of images use.
          map[r * width + c] = Math.exp(-(x * x + y * y) / (2 * 0.25 * 0.25));
        }
      }
      return map;
    }
  };

  abstract double[] map(int height, int width);

  @Override
  public String title() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }

  @Override
  public BaselineMap of(ClassifierProbe classifier, GrayImage image, int target) {
    return BaselineMap.of(
        image, map(image.height(), image.width()), classifier.prediction(image, target));
  }
}
