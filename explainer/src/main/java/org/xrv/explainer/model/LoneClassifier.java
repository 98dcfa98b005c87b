package org.xrv.explainer.model;

import java.util.List;
import java.util.Optional;
import org.xrv.core.modelpackage.OutputKind;

/**
 * What a user says about a classifier that comes as an ONNX file without a package.
 *
 * @param targets in the order of the outputs; empty when the file itself tells
 * @param outputs what the numbers mean; empty when the file itself tells
 */
public record LoneClassifier(List<String> targets, Optional<OutputKind> outputs) {
  /** Nothing said. */
  public static final LoneClassifier UNSAID = new LoneClassifier(List.of(), Optional.empty());

  public LoneClassifier {
    targets = List.copyOf(targets);
  }
}
