package org.xrv.explainer;

import java.util.List;
import org.xrv.core.image.GrayImage;
import org.xrv.core.image.Resize;
import org.xrv.core.tensor.FloatTensor;
import org.xrv.explainer.method.LatentGradient;
import org.xrv.explainer.method.LatentShift;
import org.xrv.explainer.model.LoadedAutoencoder;
import org.xrv.explainer.model.LoadedClassifier;
import org.xrv.explainer.search.Bound;
import org.xrv.explainer.search.Frame;
import org.xrv.explainer.search.FrameSource;
import org.xrv.explainer.search.SearchResult;
import org.xrv.explainer.search.Step;
import org.xrv.explainer.search.StopReason;
import org.xrv.explainer.search.Tangent;

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
    LatentGradient g = method.gradient(z, target);
    FrameSource source = method.frames(z, g.values(), target);
    SearchResult search =
        g.norm() == 0
            ? still(source)
            : request
                .search()
                .search(source, new Tangent(g.prediction(), g.norm() * g.norm()), request.frames());
    GrayImage map = request.map().of(search.origin().image(), search.frames());
    return new Explanation(
        input,
        new ExplanationRequest(
            classifier.targets().get(target), request.search(), request.frames(), request.map()),
        prediction,
        search,
        map,
        g.norm(),
        autoencoder.facts(),
        classifier.facts());
  }

  /** Along a zero gradient all frames are the reconstruction: one is enough to say so. */
  private static SearchResult still(FrameSource source) {
    Frame origin = source.at(List.of(0.0)).get(0);
    Bound here = new Bound(0, StopReason.ZERO_GRADIENT);
    return new SearchResult(
        here, here, List.of(new Step(0, origin.prediction(), 0)), origin, List.of(origin));
  }

  @Override
  public synchronized void close() {
    method.close();
  }
}
