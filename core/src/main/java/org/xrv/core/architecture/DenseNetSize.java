package org.xrv.core.architecture;

import java.util.List;
import java.util.Optional;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.error.Suggestions;

/**
 * A size of DenseNet that has a name: one of Huang et al. 2017, Table 1, or a small one.
 *
 * @param name that users give
 * @param initialFeatures channels of the stem
 * @param growth channels that each dense layer adds
 * @param blocks dense layers per block
 */
public record DenseNetSize(String name, int initialFeatures, int growth, List<Integer> blocks) {
  private static final int BOTTLENECK_FACTOR = 4;

  /** What the published chest X-ray classifiers are. */
  public static final DenseNetSize DENSENET121 =
      new DenseNetSize("densenet121", 64, 32, List.of(6, 12, 24, 16));

  /** All of them; the small ones are for images of about 96 pixels, in minutes on two cores. */
  public static final List<DenseNetSize> ALL =
      List.of(
          DENSENET121,
          new DenseNetSize("densenet169", 64, 32, List.of(6, 12, 32, 32)),
          new DenseNetSize("densenet201", 64, 32, List.of(6, 12, 48, 32)),
          new DenseNetSize("densenet-small", 16, 12, List.of(4, 6, 4)),
          new DenseNetSize("densenet-tiny", 16, 8, List.of(3, 6, 6)));

  public DenseNetSize {
    blocks = List.copyOf(blocks);
  }

  /** The network of this size. */
  public DenseNet network(int outputs, int resolution) {
    return new DenseNet(initialFeatures, growth, blocks, BOTTLENECK_FACTOR, outputs, resolution);
  }

  /**
   * The size of a name.
   *
   * @throws ProblemException USAGE when there is none; the message names the nearest and all
   */
  public static DenseNetSize named(String name) {
    List<String> known = ALL.stream().map(DenseNetSize::name).toList();
    return ALL.stream()
        .filter(s -> s.name.equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new ProblemException(
                    ProblemKind.USAGE,
                    "no architecture '"
                        + name
                        + "'"
                        + Suggestions.didYouMean(name, known)
                        + " (known: "
                        + String.join(", ", known)
                        + ")"));
  }

  /** The size that a network has, if it is one of these. */
  public static Optional<DenseNetSize> of(DenseNet network) {
    return ALL.stream()
        .filter(s -> s.network(network.outputs(), network.resolution()).equals(network))
        .findFirst();
  }
}
