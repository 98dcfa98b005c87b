package org.xrv.trainer.data;

import org.xrv.core.image.GrayImage;
import org.xrv.core.random.KeyedRandom;

/** Changes a training image at random; the result depends on the image and the numbers only. */
@FunctionalInterface
public interface Augmenter {
  /** Leaves images as they are. */
  Augmenter NONE = (image, random) -> image;

  GrayImage augment(GrayImage image, KeyedRandom random);
}
