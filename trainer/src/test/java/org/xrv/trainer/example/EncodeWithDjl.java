package org.xrv.trainer.example;

import ai.djl.ModelException;
import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ZooModel;
import ai.djl.translate.TranslateException;
import java.io.IOException;

/** The example of docs/embedding.md: DJL loads a model of the zoo by its URL. */
final class EncodeWithDjl {
  private EncodeWithDjl() {}

  // example
  /**
   * Runs a network of the zoo on one X-ray.
   *
   * @param url such as xrv://ae-resnet101:1.0.0
   * @param pixels side x side values in [-1024, 1024], row by row
   */
  static float[] run(String url, String engine, float[] pixels, int side)
      throws IOException, ModelException, TranslateException {
    Criteria<NDList, NDList> criteria =
        Criteria.builder()
            .setTypes(NDList.class, NDList.class)
            .optModelUrls(url)
            .optEngine(engine) // "OnnxRuntime", or "PyTorch" for models with a .pt file
            .build();
    try (ZooModel<NDList, NDList> model = criteria.loadModel();
        Predictor<NDList, NDList> predictor = model.newPredictor();
        NDManager manager = model.getNDManager().newSubManager()) {
      NDArray image = manager.create(pixels, new Shape(1, 1, side, side));
      return predictor.predict(new NDList(image)).singletonOrThrow().toFloatArray();
    }
  }
  // end of the example
}
