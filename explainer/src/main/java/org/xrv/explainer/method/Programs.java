package org.xrv.explainer.method;

import org.xrv.converter.autodiff.ReluRule;
import org.xrv.converter.composition.Composition;
import org.xrv.converter.composition.PixelRange;
import org.xrv.converter.composition.Prediction;
import org.xrv.converter.composition.Target;
import org.xrv.converter.onnx.OnnxModel;
import org.xrv.converter.onnx.OnnxWriter;
import org.xrv.core.error.ProblemException;
import org.xrv.explainer.model.LoadedAutoencoder;
import org.xrv.explainer.model.LoadedClassifier;

/** The programs that ONNX Runtime runs, made from the two networks' graphs. */
final class Programs {
  private final LoadedAutoencoder autoencoder;
  private final LoadedClassifier classifier;
  private final Composition composition;

  Programs(LoadedAutoencoder autoencoder, LoadedClassifier classifier) {
    this.autoencoder = autoencoder;
    this.classifier = classifier;
    this.composition =
        Composition.of(autoencoder.decoder(), PixelRange.XRV, classifier.model(), PixelRange.XRV);
  }

  /** z to reconstruction and the classifier's outputs about it, of all targets. */
  byte[] frames() {
    return bytes(composition.forward());
  }

  /** z and a target to the target's probability and its gradient with respect to z. */
  byte[] gradient(Prediction prediction) {
    try {
      return bytes(
          composition.gradient(
              prediction, new Target.Chosen(), Composition.Derived.PREDICTION, ReluRule.EXACT));
    } catch (ProblemException e) {
      throw new ProblemException(
          e.kind(),
          classifier.facts().label()
              + " with "
              + autoencoder.facts().label()
              + ": "
              + e.getMessage(),
          e);
    }
  }

  private static byte[] bytes(OnnxModel model) {
    return OnnxWriter.bytes(model.graph(), model.weights());
  }
}
