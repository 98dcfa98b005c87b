package org.xrv.core.architecture;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.graph.Graph;
import org.xrv.core.graph.GraphBuilder;
import org.xrv.core.graph.Node;
import org.xrv.core.graph.Op;

/**
 * DenseNet (Huang et al. 2017) with one input channel, as the chest X-ray classifiers use it:
 * logits, one per target.
 *
 * @param initialFeatures channels of the stem
 * @param growth channels that each dense layer adds
 * @param blocks dense layers per block
 * @param bottleneckFactor inner channels of a dense layer in units of the growth
 * @param outputs number of targets
 * @param resolution height and width of the image
 */
public record DenseNet(
    int initialFeatures,
    int growth,
    List<Integer> blocks,
    int bottleneckFactor,
    int outputs,
    int resolution) {
  /** The name of the graph's output. */
  public static final String LOGITS = "logits";

  /** Of the last layer: [outputs, features]. */
  public static final String LAST_WEIGHT = "classifier.weight";

  /** Pixels of a side: more than any detector of chest X-rays has makes tensors of gigabytes. */
  public static final int LARGEST = 4096;

  /** Of the last layer: [outputs]. */
  public static final String LAST_BIAS = "classifier.bias";

  public DenseNet {
    blocks = List.copyOf(blocks);
    if (initialFeatures < 1
        || growth < 1
        || bottleneckFactor < 1
        || outputs < 1
        || blocks.isEmpty()
        || blocks.stream().anyMatch(n -> n < 1)) {
      throw new ProblemException(
          ProblemKind.USAGE,
          "DenseNet with "
              + initialFeatures
              + " features, growth "
              + growth
              + ", blocks "
              + blocks
              + ", "
              + outputs
              + " outputs");
    }
    if (resolution > LARGEST) {
      throw new ProblemException(
          ProblemKind.USAGE,
          "resolution " + resolution + " is too large; DenseNets take up to " + LARGEST);
    }
    if (resolution >> (blocks.size() + 1) < 1) {
      throw new ProblemException(
          ProblemKind.USAGE,
          "resolution " + resolution + " is too small for " + blocks.size() + " dense blocks");
    }
  }

  /** DenseNet-121: 6,966,034 parameters with 18 outputs. */
  public static DenseNet densenet121(int outputs, int resolution) {
    return DenseNetSize.DENSENET121.network(outputs, resolution);
  }

  /** What model packages state of it, in the order in which it is shown. */
  public Map<String, Object> facts() {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("family", "densenet");
    facts.put("size", DenseNetSize.of(this).map(DenseNetSize::name).orElse("own"));
    facts.put("blocks", blocks);
    facts.put("growth", growth);
    facts.put("resolution", resolution);
    facts.put("parameters", graph().trainableCount());
    return facts;
  }

  /** image [N, 1, R, R] to logits [N, outputs]. */
  public Graph graph() {
    GraphBuilder b = new GraphBuilder("densenet");
    String x = b.input(ResNetAutoencoder.IMAGE, 1, resolution, resolution);
    x = b.conv("features.conv0", x, initialFeatures, 7, 2, 3);
    x = b.relu("features.relu0", b.batchNorm("features.norm0", x));
    x = b.maxPool("features.pool0", x, 3, 2, 1);
    for (int block = 1; block <= blocks.size(); block++) {
      for (int layer = 1; layer <= blocks.get(block - 1); layer++) {
        x = layer(b, "features.denseblock" + block + ".denselayer" + layer, x);
      }
      if (block < blocks.size()) {
        x = transition(b, "features.transition" + block, x);
      }
    }
    x = b.relu("features.relu5", b.batchNorm("features.norm5", x));
    x = b.node("features.pool5", new Op.GlobalAveragePool(), x);
    x = b.node("features.flat", new Op.Flatten(1), x);
    String w =
        b.parameter(
            LAST_WEIGHT,
            org.xrv.core.graph.ParameterKind.LINEAR_WEIGHT,
            outputs,
            b.shape(x).dim(1));
    String bias = b.parameter(LAST_BIAS, org.xrv.core.graph.ParameterKind.BIAS, outputs);
    b.node(
        new Node(
            "classifier", new Op.Gemm(1, 1, false, true), List.of(x, w, bias), List.of(LOGITS)));
    return b.build(LOGITS);
  }

  private String layer(GraphBuilder b, String name, String x) {
    String y = b.relu(name + ".relu1", b.batchNorm(name + ".norm1", x));
    y = b.conv(name + ".conv1", y, bottleneckFactor * growth, 1, 1, 0);
    y = b.relu(name + ".relu2", b.batchNorm(name + ".norm2", y));
    y = b.conv(name + ".conv2", y, growth, 3, 1, 1);
    return b.node(name + ".concat", new Op.Concat(1), x, y);
  }

  private static String transition(GraphBuilder b, String name, String x) {
    String y = b.relu(name + ".relu", b.batchNorm(name + ".norm", x));
    y = b.conv(name + ".conv", y, b.shape(x).dim(1) / 2, 1, 1, 0);
    return b.node(
        name + ".pool",
        new Op.AveragePool(
            GraphBuilder.both(2), GraphBuilder.both(2), GraphBuilder.around(0), false),
        y);
  }
}
