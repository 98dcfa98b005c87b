package org.xrv.explainer.model;

import org.xrv.converter.onnx.OnnxModel;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.graph.Shape;
import org.xrv.core.graph.ShapeInference;

/**
 * An autoencoder in memory: encoder from image [N, 1, R, R] to z, decoder from z to image.
 *
 * @param resolution R in pixels
 */
public record LoadedAutoencoder(
    ModelFacts facts, OnnxModel encoder, OnnxModel decoder, int resolution) {
  public LoadedAutoencoder {
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
