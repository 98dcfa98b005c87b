package org.xrv.converter.composition;

import java.util.List;
import java.util.Map;
import org.xrv.converter.onnx.OnnxModel;
import org.xrv.converter.onnx.OnnxWriter;
import org.xrv.converter.onnxruntime.OnnxRunner;
import org.xrv.converter.verify.ParityInputs;
import org.xrv.core.graph.Shape;
import org.xrv.core.random.KeyedRandom;
import org.xrv.core.tensor.FloatTensor;

/** Where a gradient is examined: at two X-rays of the phantom, or at what stands for them. */
final class GradientInputs {
  static final int BATCH = 2;
  private static final long SEED = 1;

  /** Of the root mean square. */
  private static final double SHIFT = 0.05;

  private GradientInputs() {}

  static FloatTensor of(GradientRequest request, int threads) {
    if (request.decoder().isEmpty()) {
      ClassifierFile classifier = request.classifier();
      return images(classifier.model().graph().input().shape(), classifier.range());
    }
    DecoderFile decoder = request.decoder().get();
    if (decoder.encoder().isEmpty()) {
      return normal(decoder.decoder().graph().input().shape().withBatch(BATCH));
    }
    OnnxModel encoder = decoder.encoder().get();
    byte[] bytes = OnnxWriter.bytes(encoder.graph(), encoder.weights());
    try (OnnxRunner runner = OnnxRunner.open("encoder", bytes, threads)) {
      return apart(
          runner
              .run(
                  Map.of(
                      encoder.graph().input().name(),
                      images(encoder.graph().input().shape(), decoder.range())))
              .get(encoder.graph().output()));
    }
  }

  /**
   * Moved a little: codes that end with a ReLU have zeros, where a decoder that adds them to
   * something and applies a ReLU again has its kink, and no derivative to compare with.
   */
  private static FloatTensor apart(FloatTensor z) {
    double square = 0;
    for (float v : z.data()) {
      square += (double) v * v;
    }
    double size = SHIFT * Math.sqrt(square / z.data().length);
    FloatTensor shift = normal(z.shape());
    for (int i = 0; i < shift.data().length; i++) {
      shift.data()[i] = (float) (z.data()[i] + size * shift.data()[i]);
    }
    return shift;
  }

  /** A decoder alone does not say what its codes are like. */
  private static FloatTensor normal(Shape shape) {
    FloatTensor t = FloatTensor.zeros(shape);
    KeyedRandom random = KeyedRandom.of(SEED, "latent");
    for (int i = 0; i < t.data().length; i++) {
      t.data()[i] = (float) random.nextGaussian();
    }
    return t;
  }

  private static FloatTensor images(Shape shape, PixelRange range) {
    if (!ParityInputs.drawable(shape)) {
      return normal(shape.withBatch(BATCH));
    }
    return new ParityInputs(range.low(), range.high())
        .images(shape.dim(1), shape.dim(2), shape.dim(3), List.of(BATCH))
        .get(0)
        .get(0);
  }
}
