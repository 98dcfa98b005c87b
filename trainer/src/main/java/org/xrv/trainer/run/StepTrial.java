package org.xrv.trainer.run;

import java.util.Optional;
import org.xrv.converter.torchscript.Loss;
import org.xrv.core.architecture.Initialization;
import org.xrv.core.error.ProblemException;
import org.xrv.core.graph.Graph;
import org.xrv.core.graph.Shape;
import org.xrv.core.random.KeyedRandom;
import org.xrv.core.tensor.FloatTensor;
import org.xrv.trainer.config.RunConfig;
import org.xrv.trainer.engine.Engine;
import org.xrv.trainer.engine.TrainingSession;
import org.xrv.trainer.log.ProcessMemory;
import org.xrv.trainer.loop.MemoryShortage;

/** Training steps as a run would take them, on random images, to see what they need. */
final class StepTrial implements AutoCloseable {
  private final RunConfig config;
  private final Loss loss;
  private final double base;
  private final TrainingSession session;

  StepTrial(Engine engine, RunConfig config) {
    this.config = config;
    this.loss = config.train().minimised();
    Graph graph = config.network();
    this.base = ProcessMemory.resident().orElse(0);
    this.session =
        engine.train(
            graph,
            Initialization.PYTORCH.weights(graph, 1),
            config.train().recipe(loss),
            config.train().numerics());
  }

  /** Bytes that the process was resident with before weights and moments were made. */
  double base() {
    return base;
  }

  /**
   * How long it took.
   *
   * @param output of the prediction
   */
  record Times(double predictSeconds, double stepSeconds, Shape output) {}

  /** One prediction and one step of so many random images. */
  Times step(int batch) {
    return step(images(batch));
  }

  /**
   * One prediction and one step; classifiers are told that no finding is there.
   *
   * @throws ProblemException OUT_OF_MEMORY
   */
  Times step(FloatTensor images) {
    try {
      return timed(images);
    } catch (RuntimeException | OutOfMemoryError e) {
      Optional<ProblemException> shortage = MemoryShortage.of(e, images.shape().dim(0));
      if (shortage.isPresent()) {
        throw shortage.get();
      }
      throw e;
    }
  }

  private Times timed(FloatTensor images) {
    long start = System.nanoTime();
    FloatTensor output = session.predict(images);
    long predicted = System.nanoTime();
    FloatTensor target =
        loss instanceof Loss.BinaryCrossEntropy ? FloatTensor.zeros(output.shape()) : images;
    session.step(images, target, config.train().lr());
    return new Times(
        (predicted - start) / 1e9, (System.nanoTime() - predicted) / 1e9, output.shape());
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
