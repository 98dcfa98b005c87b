package org.xrv.explainer.baseline;

import java.util.Objects;
import java.util.OptionalDouble;
import org.xrv.core.image.GrayImage;

/**
 * A map, and what is known about how good it is.
 *
 * @param map at least 0
 * @param prediction of the target on the image
 * @param completenessError for integrated gradients: by how much the sum of all pixels' shares
 *     misses the difference of the prediction from that of the baseline
 */
public record BaselineMap(GrayImage map, double prediction, OptionalDouble completenessError) {
  public BaselineMap {
    Objects.requireNonNull(map);
    Objects.requireNonNull(completenessError);
  }

  static BaselineMap of(GrayImage image, double[] values, double prediction) {
    return new BaselineMap(picture(image, values), prediction, OptionalDouble.empty());
  }

  /** A picture of an image's size. */
  static GrayImage picture(GrayImage size, double[] values) {
    float[] pixels = new float[values.length];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) values[i];
    }
    return new GrayImage(size.height(), size.width(), pixels);
  }
}
