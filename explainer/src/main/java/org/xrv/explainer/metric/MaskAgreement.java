package org.xrv.explainer.metric;

import java.util.Arrays;
import org.xrv.core.image.GrayImage;

/**
 * Agreement of a map with a mask, the map made binary by keeping as many of its highest pixels as
 * the mask has (paper, section IoU: the top p percent, p the mask's own area).
 *
 * @param iou intersection over union
 * @param precision intersection over kept pixels
 * @param recall intersection over the mask's pixels
 * @param maskShare the mask's area as a share of the image
 */
public record MaskAgreement(double iou, double precision, double recall, double maskShare) {
  /**
   * Compares. Pixels that tie with the first one left out are left out too, so a constant map keeps
   * nothing and scores 0 instead of whatever part comes first.
   *
   * @param mask above 0.5 inside
   * @throws IllegalArgumentException when sizes differ or the mask is empty
   */
  public static MaskAgreement of(GrayImage map, GrayImage mask) {
    if (map.height() != mask.height() || map.width() != mask.width()) {
      throw new IllegalArgumentException(
          "map of %d x %d, mask of %d x %d"
              .formatted(map.height(), map.width(), mask.height(), mask.width()));
    }
    int n = mask.pixels().length;
    int area = 0;
    for (float m : mask.pixels()) {
      area += m > 0.5f ? 1 : 0;
    }
    if (area == 0) {
      throw new IllegalArgumentException("the mask is empty");
    }
    float[] sorted = map.pixels().clone();
    Arrays.sort(sorted);
    float threshold = area == n ? Float.NEGATIVE_INFINITY : sorted[n - area - 1];
    int kept = 0;
    int both = 0;
    for (int i = 0; i < n; i++) {
      if (map.pixels()[i] > threshold) {
        kept++;
        both += mask.pixels()[i] > 0.5f ? 1 : 0;
      }
    }
    return new MaskAgreement(
        (double) both / (area + kept - both),
        kept == 0 ? 0 : (double) both / kept,
        (double) both / area,
        (double) area / n);
  }
}
