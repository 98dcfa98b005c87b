package org.xrv.trainer.config;

import java.util.List;
import org.xrv.core.architecture.DenseNet;

/**
 * Which DenseNet.
 *
 * @param targets the findings to tell, one output each
 * @param initialFeatures channels of the stem
 * @param growth channels that each dense layer adds
 * @param blocks dense layers per block
 * @param bottleneckFactor inner channels of a dense layer in units of the growth
 * @param resolution height and width of the images
 */
public record ClassifierSettings(
    List<String> targets,
    int initialFeatures,
    int growth,
    List<Integer> blocks,
    int bottleneckFactor,
    int resolution) {
  public ClassifierSettings {
    Settings.require(
        targets != null && !targets.isEmpty(), "model.targets", targets, "at least one finding");
    Settings.require(blocks != null, "model.blocks", blocks, "a list of numbers");
    targets = List.copyOf(targets);
    Settings.require(
        targets.stream().distinct().count() == targets.size(),
        "model.targets",
        targets,
        "each finding once");
    blocks = List.copyOf(blocks);
    Settings.require(
        resolution >= 32 && resolution <= 1024,
        "model.resolution",
        resolution,
        "a number from 32 to 1024");
  }

  public DenseNet architecture() {
    return new DenseNet(
        initialFeatures, growth, blocks, bottleneckFactor, targets.size(), resolution);
  }
}
