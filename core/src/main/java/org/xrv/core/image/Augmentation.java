package org.xrv.core.image;

import org.xrv.core.random.KeyedRandom;

/**
 * Random changes of training images: torchvision's {@code RandomAffine} without shear, then {@code
 * RandomHorizontalFlip} and {@code RandomVerticalFlip}. Drawn in this order: angle, shift right,
 * shift down, magnification, the two flips; shifts are rounded to whole pixels.
 *
 * @param rotation greatest angle in degrees, either way
 * @param translation greatest shift as a share of the image's side, in x and in y
 * @param scaleFrom smallest magnification
 * @param scaleTo greatest magnification
 * @param flipHorizontal probability that left and right are exchanged, in [0, 1]. A chest has its
 *     heart on one side: 0 unless you know why
 * @param flipVertical probability that top and bottom are exchanged, in [0, 1]
 * @param interpolation of images and masks
 * @param fill what comes from outside the image, in [-1024, 1024]; 0 is mid-grey
 */
public record Augmentation(
    double rotation,
    double translation,
    double scaleFrom,
    double scaleTo,
    double flipHorizontal,
    double flipVertical,
    Interpolation interpolation,
    double fill) {
  /** Leaves images as they are. */
  public static final Augmentation NONE = new Augmentation(0, 0, 1, 1);

  /** As Cohen et al. 2021 trained their autoencoders: 45 degrees, 15 %, 0.85 to 1.15. */
  public static final Augmentation PAPER = new Augmentation(45, 0.15, 0.85, 1.15);

  /** Without flips; nearest neighbour, mid-grey from outside. */
  public Augmentation(double rotation, double translation, double scaleFrom, double scaleTo) {
    this(rotation, translation, scaleFrom, scaleTo, 0, 0, Interpolation.NEAREST, 0);
  }

  public Augmentation {
    if (!(rotation >= 0 && rotation <= 180)
        || !(translation >= 0 && translation < 1)
        || !(scaleFrom > 0 && scaleFrom <= scaleTo && scaleTo <= 4)
        || !(flipHorizontal >= 0 && flipHorizontal <= 1)
        || !(flipVertical >= 0 && flipVertical <= 1)
        || !(Math.abs(fill) <= Preprocessing.RANGE)) {
      throw new IllegalArgumentException(
          "rotation "
              + rotation
              + " (0 to 180), translation "
              + translation
              + " (0 to 1), scale "
              + scaleFrom
              + " to "
              + scaleTo
              + " (above 0, up to 4), flips "
              + flipHorizontal
              + " and "
              + flipVertical
              + " (0 to 1), fill "
              + fill
              + " (-1024 to 1024)");
    }
    java.util.Objects.requireNonNull(interpolation);
  }

  public boolean none() {
    return rotation == 0
        && translation == 0
        && scaleFrom == 1
        && scaleTo == 1
        && flipHorizontal == 0
        && flipVertical == 0;
  }

  /** The affine part of what one image of a size is to undergo; takes four numbers. */
  public Affine draw(int height, int width, KeyedRandom random) {
    double angle = random.nextDouble(-rotation, rotation);
    double right = Math.rint(random.nextDouble(-translation * width, translation * width));
    double down = Math.rint(random.nextDouble(-translation * height, translation * height));
    return new Affine(angle, right, down, random.nextDouble(scaleFrom, scaleTo));
  }

  /** All that one image of a size is to undergo, and its masks with it; takes six numbers. */
  public Change change(int height, int width, KeyedRandom random) {
    Affine affine = draw(height, width, random);
    boolean mirrored = random.nextDouble() < flipHorizontal;
    boolean upsideDown = random.nextDouble() < flipVertical;
    return new Change(affine, mirrored, upsideDown, interpolation, (float) fill);
  }

  /** A changed image of the same size; the same object when there is nothing to do. */
  public GrayImage apply(GrayImage image, KeyedRandom random) {
    return none() ? image : change(image.height(), image.width(), random).image(image);
  }
}
