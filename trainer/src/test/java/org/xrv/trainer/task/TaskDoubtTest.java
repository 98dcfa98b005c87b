package org.xrv.trainer.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.xrv.converter.torchscript.Loss;
import org.xrv.core.architecture.DenseNet;
import org.xrv.core.architecture.Initialization;
import org.xrv.core.architecture.LatentShape;
import org.xrv.core.architecture.ResNetAutoencoder;
import org.xrv.core.dataset.Finding;
import org.xrv.core.dataset.Sample;
import org.xrv.core.graph.Shape;
import org.xrv.core.tensor.FloatTensor;
import org.xrv.trainer.data.Batch;

/** Finite numbers that no network has that trains well. */
class TaskDoubtTest {
  private static final int SIDE = 32;
  private static final Batch BATCH =
      new Batch(
          List.of(new Sample("test", "1", "1", "PA", Map.of("Mass", Finding.PRESENT))),
          images(200));

  private static FloatTensor images(float value) {
    FloatTensor images = FloatTensor.zeros(Shape.of(1, 1, SIDE, SIDE));
    Arrays.fill(images.data(), value);
    return images;
  }

  private static Optional<String> doubt(Task task, FloatTensor output) {
    Task.Validation validation = task.validation();
    validation.add(BATCH, output);
    return task.doubt(validation.metrics());
  }

  @Test
  void shouldDoubtReconstructionsFarWorseThanTheMeanImage() {
    Task task =
        new AutoencoderTask(
            new ResNetAutoencoder(50, new LatentShape(32, 2), 0.125, SIDE),
            Loss.ELASTIC,
            new Initialization(1, 1),
            1,
            images(0));
    assertEquals(Optional.empty(), doubt(task, images(-1024)));
    String doubt = doubt(task, images(4e8f)).orElseThrow();
    assertTrue(doubt.contains("4.000e+08") && doubt.contains("mean image"), doubt);
  }

  @Test
  void shouldDoubtLogitsFarOnTheWrongSide() {
    Task task =
        new ClassifierTask(
            new DenseNet(8, 4, List.of(1, 1), 2, 1, SIDE), List.of("Mass"), List.of(1.0), 1);
    assertEquals(Optional.empty(), doubt(task, logit(-5)));
    String doubt = doubt(task, logit(-40)).orElseThrow();
    assertTrue(doubt.contains("validation loss of 40"), doubt);
  }

  private static FloatTensor logit(float value) {
    return new FloatTensor(Shape.of(1, 1), new float[] {value});
  }
}
