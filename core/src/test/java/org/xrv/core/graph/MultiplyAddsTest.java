package org.xrv.core.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.xrv.core.architecture.DenseNet;
import org.xrv.core.architecture.LatentShape;
import org.xrv.core.architecture.ResNetAutoencoder;

/** Counts worked out by hand, and those published. */
class MultiplyAddsTest {
  private static long total(Graph graph) {
    return MultiplyAdds.of(graph).values().stream().mapToLong(Long::longValue).sum();
  }

  @Test
  void shouldCountEachKindOfProduct() {
    GraphBuilder b = new GraphBuilder("ops");
    String x = b.input("x", 4, 6, 6);
    // 8 x 3 x 3 outputs, each of 2 channels (of its group) x 3 x 3
    String w = b.parameter("w", ParameterKind.CONV_WEIGHT, 8, 2, 3, 3);
    x = b.node("conv", new Op.Conv(List.of(2, 2), List.of(1, 1, 1, 1), List.of(1, 1), 2), x, w);
    // 8 x 3 x 3 inputs, each to 5 channels x 2 x 2
    x = b.convTranspose("up", x, 5, 2, 2, 0, 0);
    // [5, 36] x [36, 5]
    String rows = b.node("rows", new Op.Reshape(List.of(0, 5, 36)), x);
    String columns = b.node("columns", new Op.Transpose(List.of(0, 2, 1)), rows);
    String product = b.node("product", new Op.MatMul(), rows, columns);
    String flat = b.node("flat", new Op.Flatten(1), product);
    Graph graph = b.build(b.linear("dense", flat, 7));
    var counts = MultiplyAdds.of(graph);
    assertEquals(72L * 18, counts.get("conv"));
    assertEquals(72L * 20, counts.get("up"));
    assertEquals(5L * 5 * 36, counts.get("product"));
    assertEquals(25L * 7, counts.get("dense"));
    assertEquals(0, counts.get("rows"));
  }

  /** Heads folded into the batch count as often as there are heads. */
  @Test
  void shouldCountForOneSample() {
    GraphBuilder b = new GraphBuilder("heads");
    String x = b.node("heads", new Op.Reshape(List.of(-1, 4, 2)), b.input("x", 3, 4, 2));
    String turned = b.node("turned", new Op.Transpose(List.of(0, 2, 1)), x);
    Graph graph = b.build(b.node("scores", new Op.MatMul(), x, turned));
    assertEquals(3L * 4 * 4 * 2, total(graph));
  }

  /** DenseNet-121 is published with 2.87 G for three channels; the first layer has one here. */
  @Test
  void shouldCountWholeNetworks() {
    Graph autoencoder = new ResNetAutoencoder(101, new LatentShape(512, 3), 1, 224).autoencoder();
    assertEquals(8.12, total(autoencoder) / 1e9, 0.01);
    double twoMoreChannels = 2.0 * 49 * 64 * 112 * 112;
    assertEquals(
        (2.834e9 - twoMoreChannels) / 1e9,
        total(DenseNet.densenet121(18, 224).graph()) / 1e9,
        0.02);
  }
}
