package org.xrv.explainer.model;

import java.util.Objects;
import org.xrv.converter.onnx.OnnxModel;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.graph.Shape;
import org.xrv.core.graph.ShapeInference;
import org.xrv.core.image.Resize;

/**
 * An autoencoder in memory: encoder from image [N, 1, R, R] to z, decoder from z to image.
 *
 * @param resolution R in pixels
 * @param resize how the images that it was trained on were resized
 */
public record LoadedAutoencoder(
    ModelFacts facts, OnnxModel encoder, OnnxModel decoder, int resolution, Resize resize) {
  /** One of images that were resized as torchxrayvision does. */
  public LoadedAutoencoder(ModelFacts facts, OnnxModel encoder, OnnxModel decoder, int resolution) {
    this(facts, encoder, decoder, resolution, Resize.ANTIALIAS);
  }

  public LoadedAutoencoder {
    Objects.requireNonNull(resize);
    Shape image = Shape.of(Shape.UNKNOWN, 1, resolution, resolution);
    require(facts, "encoder", "takes", encoder.graph().input().shape(), image);
    Shape z = shapeOfOutput(encoder);
    require(facts, "decoder", "takes", decoder.graph().input().shape(), z);
    require(facts, "decoder", "gives", shapeOfOutput(decoder), image);
  }

  private static Shape shapeOfOutput(OnnxModel model) {
    return ShapeInference.infer(model.graph()).get(model.graph().output()).shape();
  }

  private static void require(
      ModelFacts facts, String part, String verb, Shape actual, Shape expected) {
    if (!actual.equals(expected)) {
      throw new ProblemException(
          ProblemKind.BAD_DATA,
          facts.label() + ": the " + part + " " + verb + " " + actual + ", expected " + expected);
    }
  }
}
