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

  private Recognition() {}

  /**
   * The network in words, such as "an autoencoder of depth 50 with 512 channels in z", or empty
   * when the names are of none that is known here.
   */
  public static Optional<String> of(NamedTensors weights) {
    Set<String> names = weights.names();
    if (names.contains("features.conv0.weight")) {
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
            + width(weights)
            + channels(weights));
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

  private static String width(NamedTensors weights) {
    return dim(weights, "conv1.weight", 0)
        .filter(c -> c != 64)
        .map(c -> String.format(Locale.ROOT, ", of width %s", c / 64.0))
        .orElse("");
  }

  private static String channels(NamedTensors weights) {
    return dim(weights, "conv1.weight", 1)
        .or(() -> dim(weights, "features.conv0.weight", 1))
        .filter(c -> c != 1)
        .map(c -> ", for images of " + c + " channels")
        .orElse("");
  }

  private static String denseNet(NamedTensors weights) {
    Map<Integer, Long> blocks =
        weights.names().stream()
            .filter(
                n -> n.matches("features\\.denseblock\\d\\.denselayer\\d{1,4}\\.conv2\\.weight"))
            .collect(
                Collectors.groupingBy(
                    n -> n.charAt("features.denseblock".length()) - '0',
                    java.util.TreeMap::new,
                    Collectors.counting()));
    return "a DenseNet with blocks "
        + blocks.values()
        + dim(weights, "features.denseblock1.denselayer1.conv2.weight", 0)
            .map(g -> ", growth " + g)
            .orElse("")
        + dim(weights, "features.conv0.weight", 0).map(c -> ", " + c + " first channels").orElse("")
        + dim(weights, "classifier.weight", 0).map(n -> ", " + n + " outputs").orElse("")
        + channels(weights);
  }

  private static Optional<Integer> dim(NamedTensors weights, String name, int axis) {
    FloatTensor tensor = weights.tensors().get(name);
    return tensor == null || tensor.shape().rank() <= axis
        ? Optional.empty()
        : Optional.of(tensor.shape().dim(axis));
  }
}
