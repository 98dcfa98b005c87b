package org.xrv.converter.composition;

import java.util.Objects;
import java.util.Optional;
import org.xrv.converter.autodiff.Gradients;
import org.xrv.converter.autodiff.ReluRule;
import org.xrv.converter.onnx.OnnxModel;

/**
 * A gradient that somebody wants as a file.
 *
 * @param decoder before the classifier; empty for the gradient at the classifier's image
 * @param target fixed, or chosen at run time
 * @param derived the number that the gradient is of
 * @param relus what it does at rectifiers
 */
public record GradientRequest(
    Optional<DecoderFile> decoder,
    ClassifierFile classifier,
    Target target,
    Composition.Derived derived,
    ReluRule relus) {
  public GradientRequest {
    Objects.requireNonNull(decoder);
    Objects.requireNonNull(classifier);
    Objects.requireNonNull(target);
    Objects.requireNonNull(derived);
    Objects.requireNonNull(relus);
  }

  /** The networks joined, without target and gradient. */
  Composition composition() {
    return decoder
        .map(d -> Composition.of(d.decoder(), d.range(), classifier.model(), classifier.range()))
        .orElseGet(() -> Composition.of(classifier.model()));
  }

  /** The gradient's graph. */
  OnnxModel model(ReluRule rule) {
    return composition().gradient(classifier.prediction(), target, derived, rule);
  }

  /** The input that the gradient is with respect to. */
  public String variable() {
    return decoder.isPresent() ? Composition.Z : Composition.IMAGE;
  }

  /** The gradient's name. */
  public String gradient() {
    return Gradients.outputName(variable());
  }

  /** The output that the gradient is of. */
  String derivedOutput() {
    return derived == Composition.Derived.OUTPUT ? Composition.OUTPUT : Composition.PREDICTION;
  }
}
