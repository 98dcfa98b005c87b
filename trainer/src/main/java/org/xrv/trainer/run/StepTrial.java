package org.xrv.trainer.run;

import org.xrv.converter.torchscript.Loss;
import org.xrv.core.architecture.Initialization;
import org.xrv.core.graph.Graph;
import org.xrv.core.graph.Shape;
import org.xrv.core.random.KeyedRandom;
import org.xrv.core.tensor.FloatTensor;
import org.xrv.trainer.config.RunConfig;
import org.xrv.trainer.engine.Engine;
import org.xrv.trainer.engine.TrainingSession;

/** Training steps as a run would take them, on random images, to see what they need. */
final class StepTrial implements AutoCloseable {
  private final RunConfig config;
  private final Loss loss;
  private final TrainingSession session;

  StepTrial(Engine engine, RunConfig config, Graph graph, Loss loss) {
    this.config = config;
    this.loss = loss;
    this.session =
        engine.train(
            graph,
            Initialization.PYTORCH.weights(graph, 1),
            loss,
            config.train().optimizer(),
            config.train().numerics());
  }

  /**
   * One step and one prediction.
   *
   * @param batch how many images
   * @return seconds that the step took
   */
  double step(int batch) {
    FloatTensor images = images(batch);
    FloatTensor output = session.predict(images);
    FloatTensor target =
        loss == Loss.BINARY_CROSS_ENTROPY ? FloatTensor.zeros(output.shape()) : images;
    long start = System.nanoTime();
    session.step(images, target, config.train().lr());
    return (System.nanoTime() - start) / 1e9;
  }

  private FloatTensor images(int batch) {
    int side = config.resolution();
    FloatTensor images = FloatTensor.zeros(Shape.of(batch, 1, side, side));
    KeyedRandom random = KeyedRandom.of(1, "step trial");
    for (int i = 0; i < images.data().length; i++) {
      images.data()[i] = (float) random.nextDouble(-1024, 1024);
    }
    return images;
  }

  @Override
  public void close() {
    session.close();
  }
}
