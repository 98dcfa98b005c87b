package org.xrv.explainer.method;

import java.util.List;
import java.util.Map;
import org.xrv.converter.autodiff.Gradients;
import org.xrv.converter.composition.Composition;
import org.xrv.converter.onnxruntime.OnnxRunner;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.tensor.FloatTensor;

/** The gradient of any target's probability with respect to z, loaded into ONNX Runtime. */
final class GradientProgram implements AutoCloseable {
  private final OnnxRunner runner;
  private final List<String> targets;

  GradientProgram(byte[] program, List<String> targets, int threads) {
    this.targets = targets;
    this.runner = OnnxRunner.open("gradient", program, threads);
  }

  /** The gradient at z, of batch 1. */
  LatentGradient at(FloatTensor z, int target) {
    Map<String, FloatTensor> out =
        runner.run(Map.of(Composition.Z, z), Map.of(Composition.TARGET, new long[] {target}));
    FloatTensor g = out.get(Gradients.outputName(Composition.Z));
    for (float v : g.data()) {
      if (!Float.isFinite(v)) {
        throw new ProblemException(
            ProblemKind.BAD_DATA,
            "the gradient of "
                + targets.get(target)
                + " is not finite at this image; the networks are damaged or the image is not an"
                + " X-ray");
      }
    }
    return LatentGradient.of(g, out.get(Composition.PREDICTION).data()[0]);
  }

  @Override
  public void close() {
    runner.close();
  }
}
