package org.xrv.core.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xrv.core.error.ProblemException;
import org.xrv.core.graph.Shape;
import org.xrv.core.graph.ShapeInference;

/** The paper's table of layers, and the bottleneck sizes that it compares. */
class ResNetAutoencoderTest {
  @Test
  void shouldHaveThePublishedNumberOfParameters() {
    var network = new ResNetAutoencoder(101, LatentShape.ofBottleneck(4608, 224), 1, 224);
    assertEquals(31_120_448, network.autoencoder().trainableCount());
    assertEquals(6_966_034, DenseNet.densenet121(18, 224).graph().trainableCount());
  }

  @ParameterizedTest
  @CsvSource({
    "512,512x1x1",
    "2048,512x2x2",
    "4608,512x3x3",
    "6272,128x7x7",
    "25088,512x7x7",
  })
  void shouldReconstructTheImageFromEveryBottleneck(int bottleneck, String latent) {
    LatentShape shape = LatentShape.ofBottleneck(bottleneck, 224);
    assertEquals(latent, shape.toString());
    for (int depth : new int[] {50, 101, 151}) {
      var graph = new ResNetAutoencoder(depth, shape, 1, 224).autoencoder();
      var values = ShapeInference.infer(graph);
      assertEquals(
          shape.bottleneck(), values.get(ResNetAutoencoder.Z).shape().withBatch(1).elements());
      assertEquals(Shape.of(Shape.UNKNOWN, 1, 224, 224), values.get(graph.output()).shape());
    }
  }

  @Test
  void shouldNameTheNearestPossibleBottlenecks() {
    String message =
        assertThrows(ProblemException.class, () -> LatentShape.ofBottleneck(4607, 224))
            .getMessage();
    assertTrue(message.contains("4608 (512x3x3)") && message.contains("4592"), message);
  }

  @Test
  void shouldReachTheGridAtOtherResolutionsToo() {
    assertEquals("512x3x3", LatentShape.ofBottleneck(4608, 96).toString());
    var graph =
        new ResNetAutoencoder(50, LatentShape.ofBottleneck(4608, 96), 0.25, 96).autoencoder();
    assertEquals(
        Shape.of(Shape.UNKNOWN, 1, 96, 96),
        ShapeInference.infer(graph).get(graph.output()).shape());
  }

  @Test
  void shouldRefuseWhatIsNoNetwork() {
    LatentShape latent = new LatentShape(512, 3);
    assertThrows(ProblemException.class, () -> new ResNetAutoencoder(34, latent, 1, 224));
    assertThrows(ProblemException.class, () -> new ResNetAutoencoder(50, latent, 1, 225));
    assertThrows(ProblemException.class, () -> new ResNetAutoencoder(50, latent, 0, 224));
    assertThrows(
        ProblemException.class, () -> new ResNetAutoencoder(50, new LatentShape(512, 9), 1, 224));
  }
}
