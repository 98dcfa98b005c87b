package org.xrv.explainer.baseline;

import org.xrv.core.image.GrayImage;

/**
 * A way to say which pixels a prediction rests on. Maps have the image's size and are at least 0;
 * their unit is the method's own, so they are compared by ranks or by their highest pixels.
 */
public sealed interface BaselineMethod
    permits InputGradient, IntegratedGradients, SmoothGrad, Occlusion, Rise, Control {
  /** One word for people, such as on the command line. */
  String title();

  /**
   * The map.
   *
   * @param image of the classifier's resolution, in its unit
   * @param target index of the target
   * @throws org.xrv.core.error.ProblemException BAD_DATA when the classifier gives no finite
   *     numbers
   */
  BaselineMap of(ClassifierProbe classifier, GrayImage image, int target);
}
