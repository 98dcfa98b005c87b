package org.xrv.core.architecture;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.error.Suggestions;

/** Sizes of DenseNet that have a name: those of Huang et al. 2017, Table 1, and small ones. */
public enum DenseNetSize {
  /** What the published chest X-ray classifiers are. */
  DENSENET121("densenet121", 64, 32, List.of(6, 12, 24, 16)),
  DENSENET169("densenet169", 64, 32, List.of(6, 12, 32, 32)),
  DENSENET201("densenet201", 64, 32, List.of(6, 12, 48, 32)),
  /** For images of about 96 pixels and three findings, in minutes on two cores. */
  SMALL("densenet-small", 16, 12, List.of(4, 6, 4)),
  /** The quick start's: one finding at 96 pixels. */
  TINY("densenet-tiny", 16, 8, List.of(3, 6, 6));

  private static final int BOTTLENECK_FACTOR = 4;

  private final String title;
  private final int initialFeatures;
  private final int growth;
  private final List<Integer> blocks;

  DenseNetSize(String title, int initialFeatures, int growth, List<Integer> blocks) {
    this.title = title;
    this.initialFeatures = initialFeatures;
    this.growth = growth;
    this.blocks = blocks;
  }

  /** The name that users give. */
  public String title() {
    return title;
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
    List<String> known = Arrays.stream(values()).map(DenseNetSize::title).toList();
    return Arrays.stream(values())
        .filter(s -> s.title.equals(name))
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
    return Arrays.stream(values())
        .filter(s -> s.network(network.outputs(), network.resolution()).equals(network))
        .findFirst();
  }
}
