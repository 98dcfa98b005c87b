package org.xrv.explainer.method;

import java.util.List;
import org.xrv.converter.autodiff.Gradients;
import org.xrv.converter.onnx.OnnxWriter;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.graph.Graph;
import org.xrv.core.graph.Graphs;
import org.xrv.core.tensor.NamedTensors;
import org.xrv.explainer.model.LoadedAutoencoder;
import org.xrv.explainer.model.LoadedClassifier;

/** The programs that ONNX Runtime runs, made from the two networks' graphs. */
final class Programs {
  private static final String DECODER = "decoder.";
  private static final String CLASSIFIER = "classifier.";

  private Programs() {}

  /** The name of z in the joined programs. */
  static String latent(LoadedAutoencoder autoencoder) {
    return DECODER + autoencoder.decoder().graph().input().name();
  }

  /** The name of the reconstruction in the joined programs. */
  static String reconstruction(LoadedAutoencoder autoencoder) {
    return DECODER + autoencoder.decoder().graph().output();
  }

  /** The name of the classifier's output in the joined programs. */
  static String outputs(LoadedClassifier classifier) {
    return CLASSIFIER + classifier.model().graph().output();
  }

  /** z to reconstruction and the classifier's outputs about it, of all targets. */
  static byte[] frames(LoadedAutoencoder autoencoder, LoadedClassifier classifier) {
    Graph joined = joined(autoencoder, classifier);
    return OnnxWriter.bytes(
        joined.withOutputs(List.of(reconstruction(autoencoder), joined.output())),
        weights(autoencoder, classifier));
  }

  /** z to one target's probability and its gradient with respect to z. */
  static byte[] gradient(
      LoadedAutoencoder autoencoder, LoadedClassifier classifier, Probability target) {
    Graph program =
        Graphs.chain(
            "latent-shift",
            joined(autoencoder, classifier),
            Graphs.prefixed(target.graph(), "target."));
    try {
      return OnnxWriter.bytes(
          Gradients.of(program, program.output(), latent(autoencoder)),
          weights(autoencoder, classifier));
    } catch (IllegalArgumentException e) {
      throw new ProblemException(
          ProblemKind.BAD_DATA,
          classifier.facts().label()
              + " cannot be differentiated with "
              + autoencoder.facts().label()
              + ": "
              + e.getMessage(),
          e);
    }
  }

  private static Graph joined(LoadedAutoencoder autoencoder, LoadedClassifier classifier) {
    return Graphs.chain(
        "frames",
        Graphs.prefixed(autoencoder.decoder().graph(), DECODER),
        Graphs.prefixed(classifier.model().graph(), CLASSIFIER));
  }

  private static NamedTensors weights(LoadedAutoencoder autoencoder, LoadedClassifier classifier) {
    return autoencoder
        .decoder()
        .weights()
        .prefixed(DECODER)
        .with(classifier.model().weights().prefixed(CLASSIFIER));
  }
}
