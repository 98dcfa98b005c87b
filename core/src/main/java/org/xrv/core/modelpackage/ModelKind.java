package org.xrv.core.modelpackage;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What a package's networks do. */
public enum ModelKind {
  /** encoder.onnx from image to z, decoder.onnx from z to image. */
  @JsonProperty("autoencoder")
  AUTOENCODER,
  /** model.onnx from image to one value per target. */
  @JsonProperty("classifier")
  CLASSIFIER
}
