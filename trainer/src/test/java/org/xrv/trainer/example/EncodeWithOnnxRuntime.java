package org.xrv.trainer.example;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Map;
import org.xrv.zoo.name.ModelReference;
import org.xrv.zoo.store.LocalZoo;

/** The example of docs/embedding.md: ONNX Runtime runs a file of the zoo. */
final class EncodeWithOnnxRuntime {
  private EncodeWithOnnxRuntime() {}

  // example
  /** Encodes one X-ray of side x side values in [-1024, 1024]. */
  static float[] encode(LocalZoo zoo, String model, float[] pixels, int side) throws OrtException {
    Path directory = zoo.pull(ModelReference.parse(model)).directory();
    OrtEnvironment runtime = OrtEnvironment.getEnvironment();
    long[] shape = {1, 1, side, side};
    try (OrtSession session = runtime.createSession(directory.resolve("encoder.onnx").toString());
        OnnxTensor image = OnnxTensor.createTensor(runtime, FloatBuffer.wrap(pixels), shape);
        OrtSession.Result z = session.run(Map.of("image", image))) {
      return ((OnnxTensor) z.get(0)).getFloatBuffer().array();
    }
  }
  // end of the example
}
