package org.xrv.trainer.config;

/**
 * Random changes of training images, drawn anew for each image and epoch. All zero and scale 1 to 1
 * is none.
 *
 * @param rotation greatest angle in degrees, either way
 * @param translation greatest shift as a share of the image's side, in x and in y
 * @param scaleFrom smallest magnification
 * @param scaleTo greatest magnification
 */
public record AugmentationSettings(
    double rotation, double translation, double scaleFrom, double scaleTo) {
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
  }

  public boolean none() {
    return rotation == 0 && translation == 0 && scaleFrom == 1 && scaleTo == 1;
  }
}
