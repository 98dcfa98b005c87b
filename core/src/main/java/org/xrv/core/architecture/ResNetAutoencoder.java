package org.xrv.core.architecture;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.graph.Graph;
import org.xrv.core.graph.GraphBuilder;
import org.xrv.core.graph.Graphs;
import org.xrv.core.graph.Node;
import org.xrv.core.graph.Op;

/**
 * The ResNet autoencoder of "Gifsplanation via Latent Shift" (Cohen et al. 2021), one channel in
 * and out, pixels in [-1024, 1024].
 *
 * @param depth 50, 101 or 151
 * @param latent shape of z; 512x3x3 is the published network
 * @param width factor on every inner channel count, 1 is the published network
 * @param resolution height and width of the image, a multiple of 16
 */
public record ResNetAutoencoder(int depth, LatentShape latent, double width, int resolution) {
  /** The name of the encoder's input. */
  public static final String IMAGE = "image";

  /** The name of the encoder's output and the decoder's input. */
  public static final String Z = "z";

  /** The name of the decoder's output. */
  public static final String RECONSTRUCTION = "reconstruction";

  /**
   * The last layer's weight: the only one whose scale decides in which units the network works, as
   * no normalization follows it.
   */
  public static final String HEAD_WEIGHT = "conv1_1.weight";

  private static final Map<Integer, List<Integer>> BLOCKS =
      Map.of(50, List.of(3, 4, 6, 3), 101, List.of(3, 4, 23, 2), 151, List.of(3, 8, 36, 3));

  public ResNetAutoencoder {
    if (!BLOCKS.containsKey(depth)) {
      throw new ProblemException(ProblemKind.USAGE, "depth " + depth + " is none of 50, 101, 151");
    }
    if (resolution < 32 || resolution > 1024 || resolution % LastStage.REDUCTION != 0) {
      throw new ProblemException(
          ProblemKind.USAGE,
          "resolution " + resolution + " is not a multiple of 16 from 32 to 1024");
    }
    if (!(width > 0 && width <= 4)) {
      throw new ProblemException(ProblemKind.USAGE, "width " + width + " is not in (0, 4]");
    }
    if (!LastStage.reaches(resolution, latent.size())) {
      throw new ProblemException(
          ProblemKind.USAGE,
          "a latent grid of "
              + latent.size()
              + "x"
              + latent.size()
              + " cannot be reached by a stride from the "
              + resolution / LastStage.REDUCTION
              + "x"
              + resolution / LastStage.REDUCTION
              + " features at resolution "
              + resolution);
    }
  }

  /** The depth that has so many blocks in its four layers. */
  static Optional<Integer> depthOf(List<Integer> blocks) {
    return BLOCKS.entrySet().stream()
        .filter(e -> e.getValue().equals(blocks))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  /** A short name, such as "resnet-ae-101". */
  public String architecture() {
    return "resnet-ae-" + depth;
  }

  /** What model packages state of it, in the order in which it is shown. */
  public Map<String, Object> facts() {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("family", "resnet-autoencoder");
    facts.put("depth", depth);
    facts.put("bottleneck", latent.bottleneck());
    facts.put("latent", latent.toString());
    facts.put("width", width);
    facts.put("resolution", resolution);
    facts.put("parameters", autoencoder().trainableCount());
    return facts;
  }

  /** image [N, 1, R, R] to z [N, C, h, h]. */
  public Graph encoder() {
    GraphBuilder b = new GraphBuilder(architecture() + "-encoder");
    String x = b.input(IMAGE, 1, resolution, resolution);
    x = b.relu("relu", b.batchNorm("bn1", b.conv("conv1", x, channels(64), 7, 2, 3)));
    x = b.maxPool("maxpool", x, 3, 2, 1);
    List<Integer> n = BLOCKS.get(depth);
    int[] inner = {channels(64), channels(128), channels(256), channels(latent.channels() / 4.0)};
    int[] out = {4 * inner[0], 4 * inner[1], 4 * inner[2], latent.channels()};
    int[] stride = {1, 2, 2, lastStage().stride()};
    for (int layer = 0; layer < 4; layer++) {
      for (int i = 0; i < n.get(layer); i++) {
        String block = "layer" + (layer + 1) + "." + i;
        boolean last = layer == 3 && i == n.get(3) - 1;
        x =
            down(
                b,
                block,
                x,
                inner[layer],
                out[layer],
                i == 0 ? stride[layer] : 1,
                last ? Z : block);
      }
    }
    return b.build(x);
  }

  /** z [N, C, h, h] to reconstruction [N, 1, R, R]. */
  public Graph decoder() {
    GraphBuilder b = new GraphBuilder(architecture() + "-decoder");
    String x = b.input(Z, latent.channels(), latent.size(), latent.size());
    List<Integer> n = BLOCKS.get(depth);
    int[] widths = {128, 64, 32, 16};
    for (int layer = 0; layer < 4; layer++) {
      int inner = channels(widths[layer]);
      int blocks = n.get(3 - layer);
      String name = "uplayer" + (layer + 1) + ".";
      for (int i = 0; i < blocks - 1; i++) {
        x = up(b, name + i, x, inner, b.shape(x).dim(1), 1, 0);
      }
      int stride = layer == 0 ? lastStage().stride() : 2;
      int outputPadding = layer == 0 ? lastStage().outputPadding() : 1;
      x = up(b, name + (blocks - 1), x, inner, 2 * inner, stride, outputPadding);
    }
    x = up(b, "uplayer_top", x, channels(64), channels(64), 2, 1);
    String w =
        b.parameter(
            HEAD_WEIGHT, org.xrv.core.graph.ParameterKind.CONV_WEIGHT, channels(64), 1, 1, 1);
    var head =
        new Op.ConvTranspose(
            GraphBuilder.both(1),
            GraphBuilder.around(0),
            GraphBuilder.both(0),
            GraphBuilder.both(1),
            1);
    b.node(new Node("conv1_1", head, List.of(x, w), List.of(RECONSTRUCTION)));
    return b.build(RECONSTRUCTION);
  }

  /** image to reconstruction. */
  public Graph autoencoder() {
    return Graphs.chain(architecture(), encoder(), decoder());
  }

  private LastStage lastStage() {
    return LastStage.of(resolution, latent.size());
  }

  private int channels(double published) {
    return Math.max(4, (int) Math.round(published * width));
  }

  private static String down(
      GraphBuilder b, String name, String x, int inner, int out, int stride, String result) {
    String y =
        b.relu(
            name + ".relu1",
            b.batchNorm(name + ".bn1", b.conv(name + ".conv1", x, inner, 1, 1, 0)));
    y =
        b.relu(
            name + ".relu2",
            b.batchNorm(name + ".bn2", b.conv(name + ".conv2", y, inner, 3, stride, 1)));
    y = b.conv(name + ".conv3", y, out, 1, 1, 0);
    String shortcut = x;
    if (stride != 1 || b.shape(x).dim(1) != out) {
      shortcut =
          b.batchNorm(name + ".downsample.1", b.conv(name + ".downsample.0", x, out, 1, stride, 0));
    }
    return sum(b, name, y, shortcut, result);
  }

  private static String up(
      GraphBuilder b, String name, String x, int inner, int out, int stride, int outputPadding) {
    String y =
        b.relu(
            name + ".relu1",
            b.batchNorm(name + ".bn1", b.conv(name + ".conv1", x, inner, 1, 1, 0)));
    y =
        stride == 1
            ? b.conv(name + ".conv2", y, inner, 3, 1, 1)
            : b.convTranspose(name + ".conv2", y, inner, 3, stride, 1, outputPadding);
    y = b.relu(name + ".relu2", b.batchNorm(name + ".bn2", y));
    y = b.conv(name + ".conv3", y, out, 1, 1, 0);
    String shortcut = x;
    if (stride != 1 || b.shape(x).dim(1) != out) {
      shortcut =
          b.batchNorm(
              name + ".upsample.1",
              b.convTranspose(name + ".upsample.0", x, out, 1, stride, 0, outputPadding));
    }
    return sum(b, name, y, shortcut, name);
  }

  /**
   * The published blocks apply ReLU to the third normalization too, before the sum, where the
   * textbook ResNet does not.
   */
  private static String sum(GraphBuilder b, String name, String y, String shortcut, String result) {
    String z = b.relu(name + ".relu3", b.batchNorm(name + ".bn3", y));
    String sum = b.node(name + ".sum", new Op.Add(), z, shortcut);
    return b.node(new Node(name, new Op.Relu(), List.of(sum), List.of(result))).get(0);
  }
}
