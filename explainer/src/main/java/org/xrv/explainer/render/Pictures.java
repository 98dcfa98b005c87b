package org.xrv.explainer.render;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import org.xrv.core.image.GrayImage;
import org.xrv.core.image.Preprocessing;

/** Pixels in [-1024, 1024] as something to look at. */
final class Pictures {
  /** Smaller images are enlarged, so that labels have room. */
  private static final int LEAST_SIDE = 320;

  private Pictures() {}

  /** The displayed height and width of an image of this size: a whole multiple of it. */
  static int displayed(int side) {
    return side * ((LEAST_SIDE + side - 1) / side);
  }

  /** -1024 is black, 1024 is white. */
  static BufferedImage grey(GrayImage image) {
    BufferedImage picture =
        new BufferedImage(image.width(), image.height(), BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < image.pixels().length; i++) {
      int level = level(image.pixels()[i]);
      picture.setRGB(i % image.width(), i / image.width(), level << 16 | level << 8 | level);
    }
    return picture;
  }

  static int level(float pixel) {
    float range = Preprocessing.RANGE;
    int level = Math.round((pixel + range) / (2 * range) * 255);
    return Math.max(0, Math.min(255, level));
  }

  /** Draws a picture enlarged to a square. */
  static void draw(Graphics2D g, BufferedImage picture, int x, int y, int side) {
    g.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
    g.drawImage(picture, x, y, side, side, null);
  }
}
