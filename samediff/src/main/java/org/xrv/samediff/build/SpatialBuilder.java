package org.xrv.samediff.build;

import java.util.ArrayList;
import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.enums.WeightsFormat;
import org.nd4j.linalg.api.ops.impl.layers.convolution.Pooling2D;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.Conv2DConfig;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.DeConv2DConfig;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.PaddingMode;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.Pooling2DConfig;
import org.xrv.core.graph.Node;
import org.xrv.core.graph.Op;
import org.xrv.core.graph.Shape;

/** Convolutions and pools, images as [N, C, H, W]. */
final class SpatialBuilder {
  private final SameDiffBuilder network;
  private final SameDiff sd;
  private final Node node;

  SpatialBuilder(SameDiffBuilder network, Node node) {
    this.network = network;
    this.sd = network.sd();
    this.node = node;
  }

  SDVariable build() {
    Op op = node.op();
    if (op instanceof Op.Conv c) {
      return conv(c);
    } else if (op instanceof Op.ConvTranspose c) {
      return convTranspose(c);
    } else if (op instanceof Op.MaxPool p) {
      return maxPool(p);
    } else if (op instanceof Op.AveragePool p) {
      return averagePool(p);
    }
    throw new IllegalArgumentException(op.type());
  }

  private SDVariable x() {
    return network.value(node.input(0));
  }

  private SDVariable conv(Op.Conv c) {
    boolean even = even(c.pads());
    SDVariable x = even ? x() : padded(x(), c.pads(), 0);
    Shape w = network.info(node.input(1)).shape();
    Conv2DConfig config =
        Conv2DConfig.builder()
            .kH(w.dim(2))
            .kW(w.dim(3))
            .sH(c.strides().get(0))
            .sW(c.strides().get(1))
            .pH(even ? c.pads().get(0) : 0)
            .pW(even ? c.pads().get(1) : 0)
            .dH(c.dilations().get(0))
            .dW(c.dilations().get(1))
            .paddingMode(PaddingMode.VALID)
            .dataFormat("NCHW")
            // OIYX breaks in the backward pass.
            .weightsFormat(WeightsFormat.YXIO)
            .build();
    SDVariable filters = network.filters(node.input(1));
    if (c.group() == 1) {
      return biased(sd.cnn().conv2d(x, filters, config));
    }
    int in = w.dim(1);
    int out = w.dim(0) / c.group();
    List<SDVariable> groups = new ArrayList<>();
    for (int g = 0; g < c.group(); g++) {
      SDVariable part = sd.slice(x, new int[] {0, g * in, 0, 0}, -1, in, -1, -1);
      SDVariable own = sd.slice(filters, new int[] {0, 0, 0, g * out}, -1, -1, -1, out);
      groups.add(sd.cnn().conv2d(part, own, config));
    }
    return biased(sd.concat(1, groups.toArray(SDVariable[]::new)));
  }

  /** Without padding, then cropped, or extended with zeros: SameDiff has no output padding. */
  private SDVariable convTranspose(Op.ConvTranspose c) {
    if (c.group() != 1 || c.dilations().stream().anyMatch(d -> d != 1)) {
      throw new UnsupportedOperationException(
          "its transposed convolutions have neither groups nor dilations");
    }
    Shape w = network.info(node.input(1)).shape();
    DeConv2DConfig config =
        DeConv2DConfig.builder()
            .kH(w.dim(2))
            .kW(w.dim(3))
            .sH(c.strides().get(0))
            .sW(c.strides().get(1))
            .pH(0)
            .pW(0)
            .dH(1)
            .dW(1)
            .isSameMode(false)
            .dataFormat("NCHW")
            .build();
    SDVariable full = sd.cnn().deconv2d(x(), network.filters(node.input(1)), config);
    List<Integer> change =
        List.of(
            -c.pads().get(0),
            -c.pads().get(1),
            c.outputPadding().get(0) - c.pads().get(2),
            c.outputPadding().get(1) - c.pads().get(3));
    return biased(padded(full, change, 0));
  }

  private SDVariable biased(SDVariable y) {
    if (node.inputs().size() < 3) {
      return y;
    }
    SDVariable bias = network.value(node.input(2));
    return y.add(sd.reshape(bias, 1, network.info(node.input(2)).shape().dim(0), 1, 1));
  }

  private SDVariable maxPool(Op.MaxPool p) {
    // Padded by hand, lower than any value: SameDiff's own padding takes part in the comparison.
    SDVariable x = padded(x(), p.pads(), -Float.MAX_VALUE);
    return sd.cnn().maxPooling2d(x, pool(p.kernel(), p.strides(), Pooling2D.Pooling2DType.MAX));
  }

  private SDVariable averagePool(Op.AveragePool p) {
    Pooling2DConfig config = pool(p.kernel(), p.strides(), Pooling2D.Pooling2DType.AVG);
    SDVariable mean = sd.cnn().avgPooling2d(padded(x(), p.pads(), 0), config);
    if (p.countIncludePad() || p.pads().stream().allMatch(n -> n == 0)) {
      return mean;
    }
    SDVariable share = sd.cnn().avgPooling2d(padded(sd.onesLike(x()), p.pads(), 0), config);
    return mean.div(share);
  }

  private static Pooling2DConfig pool(
      List<Integer> kernel, List<Integer> strides, Pooling2D.Pooling2DType type) {
    return Pooling2DConfig.builder()
        .kH(kernel.get(0))
        .kW(kernel.get(1))
        .sH(strides.get(0))
        .sW(strides.get(1))
        .pH(0)
        .pW(0)
        .dH(1)
        .dW(1)
        .type(type)
        .divisor(Pooling2D.Divisor.INCLUDE_PADDING)
        .paddingMode(PaddingMode.VALID)
        .isNHWC(false)
        .build();
  }

  /** An image with pads (top, left, bottom, right), negative ones cropping. */
  private SDVariable padded(SDVariable x, List<Integer> pads, float value) {
    if (pads.stream().allMatch(p -> p == 0)) {
      return x;
    }
    return NodeBuilder.pad(
        sd, x, List.of(0, 0, pads.get(0), pads.get(1), 0, 0, pads.get(2), pads.get(3)), value);
  }

  private static boolean even(List<Integer> pads) {
    return pads.get(0).equals(pads.get(2)) && pads.get(1).equals(pads.get(3));
  }
}
