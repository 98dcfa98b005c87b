package org.xrv.explainer.baseline;

import org.xrv.converter.autodiff.ReluRule;
import org.xrv.core.image.GrayImage;

/**
 * Abs d f / d x: how much each pixel moves the prediction, per unit of the pixel.
 *
 * @param relus exact, or guided: what would lower the prediction is stopped at each ReLU (paper of
 *     guided backpropagation: Springenberg et al. 2015)
 */
public record InputGradient(ReluRule relus) implements BaselineMethod {
  @Override
  public String title() {
    return relus == ReluRule.EXACT ? "grad" : "guided";
  }

  @Override
  public BaselineMap of(ClassifierProbe classifier, GrayImage image, int target) {
    ClassifierProbe.Gradient g = classifier.gradients(1, i -> image.pixels(), target, relus).get(0);
    double[] map = new double[g.values().data().length];
    for (int i = 0; i < map.length; i++) {
      map[i] = Math.abs(g.values().data()[i]);
    }
    return BaselineMap.of(image, map, g.prediction());
  }
}
