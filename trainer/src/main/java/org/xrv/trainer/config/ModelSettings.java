package org.xrv.trainer.config;

import org.xrv.core.architecture.Initialization;
import org.xrv.core.architecture.LatentShape;
import org.xrv.core.architecture.ResNetAutoencoder;

/**
 * Which autoencoder.
 *
 * @param depth 50, 101 or 151
 * @param bottleneck how many values z has, such as 4608, or its shape, such as 512x3x3
 * @param width factor on every inner channel count
 * @param resolution height and width of the images
 * @param lastNormScale first scale of each block's last normalization; 1 is PyTorch's
 */
public record ModelSettings(
    int depth, String bottleneck, double width, int resolution, double lastNormScale) {
  public ModelSettings {
    Settings.require(
        lastNormScale > 0 && lastNormScale <= 1,
        "model.lastNormScale",
        lastNormScale,
        "a number in (0, 1]");
    architecture(depth, bottleneck, width, resolution);
  }

  /**
   * The network.
   *
   * @throws org.xrv.core.error.ProblemException USAGE when it cannot be built
   */
  public ResNetAutoencoder architecture() {
    return architecture(depth, bottleneck, width, resolution);
  }

  public Initialization initialization(double headInit) {
    return new Initialization(headInit, lastNormScale);
  }

  private static ResNetAutoencoder architecture(
      int depth, String bottleneck, double width, int resolution) {
    Settings.require(
        bottleneck != null && bottleneck.matches("\\d{1,7}|\\d+x\\d+x\\d+"),
        "model.bottleneck",
        bottleneck,
        "a number of values such as 4608, or a shape such as 512x3x3");
    Settings.require(
        resolution >= 32 && resolution <= 1024 && resolution % 16 == 0,
        "model.resolution",
        resolution,
        "a multiple of 16 from 32 to 1024");
    LatentShape latent =
        bottleneck.contains("x")
            ? LatentShape.parse(bottleneck)
            : LatentShape.ofBottleneck(Integer.parseInt(bottleneck), resolution);
    return new ResNetAutoencoder(depth, latent, width, resolution);
  }
}
