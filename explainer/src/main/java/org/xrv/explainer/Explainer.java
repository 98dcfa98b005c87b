package org.xrv.explainer;

import java.util.List;
import org.xrv.core.image.GrayImage;
import org.xrv.core.image.Resize;
import org.xrv.core.tensor.FloatTensor;
import org.xrv.explainer.method.LatentShift;
import org.xrv.explainer.model.LoadedAutoencoder;
import org.xrv.explainer.model.LoadedClassifier;
import org.xrv.explainer.search.Frame;
import org.xrv.explainer.search.FrameSource;
import org.xrv.explainer.search.SearchResult;
import org.xrv.explainer.search.Step;
import org.xrv.explainer.search.StopReason;

/**
 * Explains a classifier's predictions by Latent Shift. Safe for several threads: calls run one
 * after another, as each of them uses all the threads that it was given.
 */
public final class Explainer implements AutoCloseable {
  private final LoadedAutoencoder autoencoder;
  private final LoadedClassifier classifier;
  private final LatentShift method;

  /**
   * Loads both networks into ONNX Runtime.
   *
   * @param threads per computation, at least 1
   */
  public Explainer(LoadedAutoencoder autoencoder, LoadedClassifier classifier, int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException(threads + " threads");
    }
    this.autoencoder = autoencoder;
    this.classifier = classifier;
    this.method = new LatentShift(autoencoder, classifier, threads);
  }

  /** Height and width of the images that it takes. */
  public int resolution() {
    return autoencoder.resolution();
  }

  /** How its images are resized. */
  public Resize resize() {
    return autoencoder.resize();
  }

  public List<String> targets() {
    return classifier.targets();
  }

  /**
   * The target's probability on an image.
   *
   * @throws org.xrv.core.error.ProblemException USAGE for a target that the classifier does not
   *     have
   */
  public synchronized double prediction(GrayImage image, String target) {
    return method.prediction(image, classifier.index(target));
  }

  /**
   * Explains.
   *
   * @throws org.xrv.core.error.ProblemException USAGE for a target that the classifier does not
   *     have, BAD_DATA when the networks give no finite numbers for the image
   */
  public synchronized Explanation explain(ImageInput input, ExplanationRequest request) {
    int target = classifier.index(request.target());
    double prediction = method.prediction(input.image(), target);
    FloatTensor z = method.encode(input.image());
    FloatTensor g = method.gradient(z, target);
    double norm = norm(g);
    FrameSource source = method.frames(z, g, target);
    SearchResult search = norm == 0 ? still(source) : searched(source, request);
    GrayImage map = request.map().of(search.origin().image(), search.frames());
    return new Explanation(
        input,
        new ExplanationRequest(
            classifier.targets().get(target),
            request.search(),
            request.range(),
            request.frames(),
            request.map()),
        prediction,
        search,
        map,
        norm,
        autoencoder.facts(),
        classifier.facts());
  }

  private static SearchResult searched(FrameSource source, ExplanationRequest request) {
    return request
        .range()
        .map(range -> range.frames(source, request.frames()))
        .orElseGet(() -> request.search().search(source, request.frames()));
  }

  /** Along a zero gradient all frames are the reconstruction: one is enough to say so. */
  private static SearchResult still(FrameSource source) {
    Frame origin = source.at(List.of(0.0)).get(0);
    return new SearchResult(
        0,
        0,
        List.of(new Step(0, origin.prediction(), 0)),
        StopReason.ZERO_GRADIENT,
        origin,
        List.of(origin));
  }

  private static double norm(FloatTensor g) {
    double sum = 0;
    for (float v : g.data()) {
      sum += (double) v * v;
    }
    return Math.sqrt(sum);
  }

  @Override
  public synchronized void close() {
    method.close();
  }
}
