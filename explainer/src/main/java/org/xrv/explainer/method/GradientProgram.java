package org.xrv.explainer.method;

import java.util.Map;
import org.xrv.converter.autodiff.Gradients;
import org.xrv.converter.onnxruntime.OnnxRunner;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.tensor.FloatTensor;
import org.xrv.explainer.model.LoadedAutoencoder;
import org.xrv.explainer.model.LoadedClassifier;

/** d f(D(z)) / d z for one target, in a session of its own. */
final class GradientProgram implements AutoCloseable {
  private final OnnxRunner runner;
  private final String input;
  private final String what;

  GradientProgram(
      LoadedAutoencoder autoencoder, LoadedClassifier classifier, Probability target, int threads) {
    this.input = Programs.latent(autoencoder);
    this.what = classifier.targets().get(target.target());
    this.runner =
        OnnxRunner.open(
            "gradient of " + what, Programs.gradient(autoencoder, classifier, target), threads);
  }

  /** The gradient at z, of z's shape. */
  FloatTensor at(FloatTensor z) {
    FloatTensor g = runner.run(Map.of(input, z)).get(Gradients.outputName(input));
    for (float v : g.data()) {
      if (!Float.isFinite(v)) {
        throw new ProblemException(
            ProblemKind.BAD_DATA,
            "the gradient of "
                + what
                + " is not finite at this image; the networks are damaged or the image is not an"
                + " X-ray");
      }
    }
    return g;
  }

  @Override
  public void close() {
    runner.close();
  }
}
