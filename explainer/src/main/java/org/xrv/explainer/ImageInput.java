package org.xrv.explainer;

import java.util.Objects;
import org.xrv.core.image.GrayImage;

/**
 * An image to explain.
 *
 * @param name in files and messages
 * @param image preprocessed to the networks' resolution, pixels in [-1024, 1024]
 * @param phantom whether it was drawn and shows no patient
 */
public record ImageInput(String name, GrayImage image, boolean phantom) {
  public ImageInput {
    Objects.requireNonNull(image);
    if (name.isBlank()) {
      throw new IllegalArgumentException("an image needs a name");
    }
  }
}
