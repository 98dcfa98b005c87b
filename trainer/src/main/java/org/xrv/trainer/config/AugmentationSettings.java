package org.xrv.trainer.config;

import org.xrv.core.image.Augmentation;
import org.xrv.core.image.Interpolation;
import org.xrv.core.image.Preprocessing;

/**
 * Random changes of training images, drawn anew for each image and epoch. All zero and scale 1 to 1
 * is none.
 *
 * @param rotation greatest angle in degrees, either way
 * @param translation greatest shift as a share of the image's side, in x and in y
 * @param scaleFrom smallest magnification
 * @param scaleTo greatest magnification
 * @param flipHorizontal probability that left and right are exchanged
 * @param flipVertical probability that top and bottom are exchanged
 * @param interpolation nearest or bilinear
 * @param fill what comes from outside the image, in [-1024, 1024]
 */
public record AugmentationSettings(
    double rotation,
    double translation,
    double scaleFrom,
    double scaleTo,
    double flipHorizontal,
    double flipVertical,
    Interpolation interpolation,
    double fill) {
  /** No flips, nearest neighbour, mid-grey from outside. */
  public AugmentationSettings(
      double rotation, double translation, double scaleFrom, double scaleTo) {
    this(rotation, translation, scaleFrom, scaleTo, 0, 0, Interpolation.NEAREST, 0);
  }

  public AugmentationSettings {
    Settings.require(
        rotation >= 0 && rotation <= 180, "train.augmentation.rotation", rotation, "0 to 180");
    Settings.require(
        translation >= 0 && translation < 1,
        "train.augmentation.translation",
        translation,
        "0 or more, below 1");
    Settings.require(
        scaleFrom > 0 && scaleFrom <= scaleTo && scaleTo <= 4,
        "train.augmentation.scaleFrom",
        scaleFrom + " with scaleTo " + scaleTo,
        "0 < scaleFrom <= scaleTo <= 4");
    Settings.require(
        flipHorizontal >= 0 && flipHorizontal <= 1,
        "train.augmentation.flipHorizontal",
        flipHorizontal,
        "a probability, 0 to 1");
    Settings.require(
        flipVertical >= 0 && flipVertical <= 1,
        "train.augmentation.flipVertical",
        flipVertical,
        "a probability, 0 to 1");
    Settings.require(
        interpolation != null, "train.augmentation.interpolation", null, "nearest or bilinear");
    Settings.require(
        Math.abs(fill) <= Preprocessing.RANGE, "train.augmentation.fill", fill, "-1024 to 1024");
  }

  /** What they say. */
  public Augmentation augmentation() {
    return new Augmentation(
        rotation,
        translation,
        scaleFrom,
        scaleTo,
        flipHorizontal,
        flipVertical,
        interpolation,
        fill);
  }
}
