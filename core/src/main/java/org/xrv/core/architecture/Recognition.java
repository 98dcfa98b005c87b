package org.xrv.core.architecture;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.xrv.core.tensor.FloatTensor;
import org.xrv.core.tensor.NamedTensors;

/** Tells from the names and shapes of weights which network they seem to be of. */
public final class Recognition {
  private static final int MOST_BLOCKS = 200;
  private static final double PUBLISHED_CHANNELS = 64;
  private static final String DENSENET_STEM = "features.conv0.weight";
  private static final String FIRST_LAYER = "features.denseblock1.denselayer1";

  private Recognition() {}

  /**
   * The network in words, such as "an autoencoder of depth 50 with 512 channels in z", or empty
   * when the names are of none that is known here.
   */
  public static Optional<String> of(NamedTensors weights) {
    Set<String> names = weights.names();
    if (names.contains(DENSENET_STEM)) {
      return Optional.of(denseNet(weights));
    }
    List<Integer> down = blocks(names, "layer");
    List<Integer> up = new ArrayList<>(blocks(names, "uplayer"));
    java.util.Collections.reverse(up);
    if (down.contains(0) && up.contains(0)) {
      return Optional.empty();
    }
    if (names.contains("fc.weight")) {
      return Optional.of("a ResNet classifier, not an autoencoder" + channels(weights));
    }
    String kind =
        up.contains(0)
            ? "the encoder alone"
            : down.contains(0) ? "the decoder alone" : "an autoencoder";
    return Optional.of(
        kind
            + " of "
            + depth(down.contains(0) ? up : down)
            + latent(weights, down, up)
            + unusualWidth(weights)
            + channels(weights));
  }

  /**
   * Whether the weights have the names of an autoencoder's encoder and decoder, of whatever depth.
   */
  public static boolean isAutoencoder(NamedTensors weights) {
    return !blocks(weights.names(), "layer").contains(0)
        && !blocks(weights.names(), "uplayer").contains(0);
  }

  /** Whether the weights have the names of a DenseNet. */
  public static boolean isDenseNet(NamedTensors weights) {
    return weights.names().contains(DENSENET_STEM);
  }

  /** The depth of an autoencoder, by the numbers of its encoder's blocks. */
  public static Optional<Integer> depth(NamedTensors weights) {
    return ResNetAutoencoder.depthOf(blocks(weights.names(), "layer"));
  }

  /** The channels of an autoencoder's z; its grid cannot be told from weights. */
  public static Optional<Integer> latentChannels(NamedTensors weights) {
    int last = blocks(weights.names(), "layer").get(3);
    return last == 0 ? Optional.empty() : dim(weights, "layer4." + (last - 1) + ".conv3.weight", 0);
  }

  /** The factor on an autoencoder's channels, by those of its first layer. */
  public static Optional<Double> width(NamedTensors weights) {
    return dim(weights, "conv1.weight", 0).map(c -> c / PUBLISHED_CHANNELS);
  }

  /** The number of a DenseNet's targets. */
  public static Optional<Integer> outputs(NamedTensors weights) {
    return dim(weights, DenseNet.LAST_WEIGHT, 0);
  }

  /**
   * The DenseNet whose blocks, growth and outputs the weights have, for images of a resolution, or
   * empty when they do not tell.
   */
  public static Optional<DenseNet> denseNet(NamedTensors weights, int resolution) {
    Optional<Integer> features = dim(weights, DENSENET_STEM, 0);
    Optional<Integer> growth = dim(weights, FIRST_LAYER + ".conv2.weight", 0);
    Optional<Integer> inner = dim(weights, FIRST_LAYER + ".conv1.weight", 0);
    Optional<Integer> outputs = outputs(weights);
    List<Integer> blocks = new ArrayList<>(denseBlocks(weights).values());
    if (features.isEmpty() || growth.isEmpty() || inner.isEmpty() || outputs.isEmpty()) {
      return Optional.empty();
    }
    return inner.get() % growth.get() != 0
        ? Optional.empty()
        : Optional.of(
            new DenseNet(
                features.get(),
                growth.get(),
                blocks,
                inner.get() / growth.get(),
                outputs.get(),
                resolution));
  }

  private static String depth(List<Integer> blocks) {
    return ResNetAutoencoder.depthOf(blocks)
        .map(depth -> "depth " + depth)
        .orElse("unknown depth, with " + blocks + " blocks");
  }

  private static List<Integer> blocks(Set<String> names, String layer) {
    List<Integer> counts = new ArrayList<>();
    for (int i = 1; i <= 4; i++) {
      int n = 0;
      while (n < MOST_BLOCKS && names.contains(layer + i + "." + n + ".conv1.weight")) {
        n++;
      }
      counts.add(n);
    }
    return counts;
  }

  /** Channels of z are what the encoder's last block gives and the decoder's first one takes. */
  private static String latent(NamedTensors weights, List<Integer> down, List<Integer> up) {
    Optional<Integer> channels =
        down.get(3) > 0
            ? dim(weights, "layer4." + (down.get(3) - 1) + ".conv3.weight", 0)
            : up.get(3) > 0 ? dim(weights, "uplayer1.0.conv1.weight", 1) : Optional.empty();
    return channels.map(c -> " with " + c + " channels in z").orElse("");
  }

  private static String unusualWidth(NamedTensors weights) {
    return width(weights)
        .filter(w -> w != 1)
        .map(w -> String.format(Locale.ROOT, ", of width %s", w))
        .orElse("");
  }

  private static String channels(NamedTensors weights) {
    return dim(weights, "conv1.weight", 1)
        .or(() -> dim(weights, DENSENET_STEM, 1))
        .filter(c -> c != 1)
        .map(c -> ", for images of " + c + " channels")
        .orElse("");
  }

  /** Dense layers by block. */
  private static Map<Integer, Integer> denseBlocks(NamedTensors weights) {
    return weights.names().stream()
        .filter(n -> n.matches("features\\.denseblock\\d\\.denselayer\\d{1,4}\\.conv2\\.weight"))
        .collect(
            Collectors.groupingBy(
                n -> n.charAt("features.denseblock".length()) - '0',
                java.util.TreeMap::new,
                Collectors.summingInt(n -> 1)));
  }

  private static String denseNet(NamedTensors weights) {
    Map<Integer, Integer> blocks = denseBlocks(weights);
    return "a DenseNet with blocks "
        + blocks.values()
        + dim(weights, FIRST_LAYER + ".conv2.weight", 0).map(g -> ", growth " + g).orElse("")
        + dim(weights, DENSENET_STEM, 0).map(c -> ", " + c + " first channels").orElse("")
        + outputs(weights).map(n -> ", " + n + " outputs").orElse("")
        + channels(weights);
  }

  private static Optional<Integer> dim(NamedTensors weights, String name, int axis) {
    FloatTensor tensor = weights.tensors().get(name);
    return tensor == null || tensor.shape().rank() <= axis
        ? Optional.empty()
        : Optional.of(tensor.shape().dim(axis));
  }
}
