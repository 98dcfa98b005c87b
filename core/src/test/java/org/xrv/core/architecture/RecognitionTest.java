package org.xrv.core.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xrv.core.graph.Graph;
import org.xrv.core.graph.Shape;
import org.xrv.core.tensor.FloatTensor;
import org.xrv.core.tensor.NamedTensors;

/** Networks are told by the names and shapes of their weights alone. */
class RecognitionTest {
  private static NamedTensors weights(Graph graph) {
    return Initialization.PYTORCH.weights(graph, 1);
  }

  @ParameterizedTest
  @ValueSource(ints = {50, 101, 151})
  void shouldTellDepthWidthAndLatentChannels(int depth) {
    ResNetAutoencoder network = new ResNetAutoencoder(depth, new LatentShape(16, 1), 0.125, 32);
    String rest = " of depth " + depth + " with 16 channels in z";
    assertEquals(
        Optional.of("an autoencoder" + rest + ", of width 0.125"),
        Recognition.of(weights(network.autoencoder())));
    assertEquals(
        Optional.of("the encoder alone" + rest + ", of width 0.125"),
        Recognition.of(weights(network.encoder())));
    assertEquals(
        Optional.of("the decoder alone" + rest), Recognition.of(weights(network.decoder())));
  }

  @Test
  void shouldTellDenseNets() {
    Graph graph = new DenseNet(8, 4, List.of(2, 11), 2, 3, 32).graph();
    assertEquals(
        Optional.of("a DenseNet with blocks [2, 11], growth 4, 8 first channels, 3 outputs"),
        Recognition.of(weights(graph)));
  }

  @Test
  void shouldSayNothingOfOthers() {
    FloatTensor one = FloatTensor.zeros(Shape.of(1));
    assertEquals(Optional.empty(), Recognition.of(new NamedTensors(Map.of("a.weight", one))));
    assertEquals(Optional.empty(), Recognition.of(new NamedTensors(Map.of())));
  }
}
