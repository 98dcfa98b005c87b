package org.xrv.explainer.render;

import java.awt.image.BufferedImage;
import java.util.Arrays;
import org.xrv.core.image.GrayImage;

/**
 * A map laid over an image: the higher the map, the more its colour covers the image.
 *
 * @param full the value of the map that gets the highest colour, above 0
 */
record Overlay(double full) {
  private static final double QUANTILE = 0.995;

  /** In pixel units: what stays below is rounding, not change, and gets no colour. */
  private static final double LEAST_FULL = 1;

  private static final double COVER = 0.9;
  private static final int LEGEND_GREY = 90;

  /** Scaled to the map's 99.5th percentile: single bright pixels do not darken the rest. */
  static Overlay scaledTo(GrayImage map) {
    float[] sorted = map.pixels().clone();
    Arrays.sort(sorted);
    float high = sorted[(int) Math.min(sorted.length - 1, (long) (QUANTILE * sorted.length))];
    return new Overlay(Math.max(LEAST_FULL, high));
  }

  BufferedImage of(GrayImage image, GrayImage map) {
    BufferedImage picture = Pictures.grey(image);
    for (int i = 0; i < map.pixels().length; i++) {
      int x = i % map.width();
      int y = i / map.width();
      picture.setRGB(x, y, mixed(picture.getRGB(x, y) & 0xFF, map.pixels()[i] / full));
    }
    return picture;
  }

  /** The colour of a share of the full value, as it looks over middle grey. */
  int legend(double share) {
    return mixed(LEGEND_GREY, share);
  }

  private static int mixed(int grey, double share) {
    double t = Math.max(0, Math.min(1, share));
    int colour = Inferno.rgb(0.15 + 0.85 * t);
    double cover = COVER * t * Math.sqrt(t); // low values leave the anatomy to be seen
    int mixed = 0;
    for (int shift = 16; shift >= 0; shift -= 8) {
      double channel = (1 - cover) * grey + cover * (colour >> shift & 0xFF);
      mixed |= (int) Math.round(channel) << shift;
    }
    return mixed;
  }
}
