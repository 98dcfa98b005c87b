package org.xrv.core.image;

import org.xrv.core.random.KeyedRandom;

/**
 * Random changes of training images: torchvision's {@code RandomAffine} without shear. Drawn in its
 * order: angle, shift right, shift down, magnification; shifts are rounded to whole pixels.
 *
 * @param rotation greatest angle in degrees, either way
 * @param translation greatest shift as a share of the image's side, in x and in y
 * @param scaleFrom smallest magnification
 * @param scaleTo greatest magnification
 */
public record Augmentation(double rotation, double translation, double scaleFrom, double scaleTo) {
  /** Leaves images as they are. */
  public static final Augmentation NONE = new Augmentation(0, 0, 1, 1);

  /** As Cohen et al. 2021 trained their autoencoders: 45 degrees, 15 %, 0.85 to 1.15. */
  public static final Augmentation PAPER = new Augmentation(45, 0.15, 0.85, 1.15);

  public Augmentation {
    if (!(rotation >= 0 && rotation <= 180)
        || !(translation >= 0 && translation < 1)
        || !(scaleFrom > 0 && scaleFrom <= scaleTo && scaleTo <= 4)) {
      throw new IllegalArgumentException(
          "rotation "
              + rotation
              + " (0 to 180), translation "
              + translation
              + " (0 to 1), scale "
              + scaleFrom
              + " to "
              + scaleTo
              + " (above 0, up to 4)");
    }
  }

  public boolean none() {
    return rotation == 0 && translation == 0 && scaleFrom == 1 && scaleTo == 1;
  }

  /** What one image of a size is to undergo; takes four numbers of the stream. */
  public Affine draw(int height, int width, KeyedRandom random) {
    double angle = random.nextDouble(-rotation, rotation);
    double right = Math.rint(random.nextDouble(-translation * width, translation * width));
    double down = Math.rint(random.nextDouble(-translation * height, translation * height));
    return new Affine(angle, right, down, random.nextDouble(scaleFrom, scaleTo));
  }

  /** A changed image of the same size; the same object when there is nothing to do. */
  public GrayImage apply(GrayImage image, KeyedRandom random) {
    return none() ? image : draw(image.height(), image.width(), random).apply(image);
  }
}
