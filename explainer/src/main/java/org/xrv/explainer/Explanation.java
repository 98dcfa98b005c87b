package org.xrv.explainer;

import java.util.List;
import java.util.Objects;
import org.xrv.core.image.GrayImage;
import org.xrv.explainer.model.ModelFacts;
import org.xrv.explainer.search.Frame;
import org.xrv.explainer.search.SearchResult;

/**
 * An explanation of one image for one target.
 *
 * @param request what was asked for, the target as the classifier spells it
 * @param prediction the target's probability on the image itself
 * @param search the range, why it ends there, and the frames
 * @param map in pixel units, at least 0
 * @param gradientNorm Euclidean norm of d f(D(z)) / d z
 */
public record Explanation(
    ImageInput input,
    ExplanationRequest request,
    double prediction,
    SearchResult search,
    GrayImage map,
    double gradientNorm,
    ModelFacts autoencoder,
    ModelFacts classifier) {
  public Explanation {
    Objects.requireNonNull(input);
    Objects.requireNonNull(request);
    Objects.requireNonNull(search);
    Objects.requireNonNull(map);
    Objects.requireNonNull(autoencoder);
    Objects.requireNonNull(classifier);
  }

  public GrayImage original() {
    return input.image();
  }

  /** D(E(x)), with its prediction. */
  public Frame reconstruction() {
    return search.origin();
  }

  /** In rising order of lambda. */
  public List<Frame> frames() {
    return search.frames();
  }

  /** The mean absolute difference of image and reconstruction, in pixel units. */
  public double reconstructionError() {
    float[] a = original().pixels();
    float[] b = reconstruction().image().pixels();
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += Math.abs(a[i] - b[i]);
    }
    return sum / a.length;
  }
}
