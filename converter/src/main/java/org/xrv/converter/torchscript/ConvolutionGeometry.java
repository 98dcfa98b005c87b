package org.xrv.converter.torchscript;

import java.util.List;
import org.xrv.core.graph.Op;
import org.xrv.core.graph.Shape;

/**
 * How a convolution goes over an image, as torch.convolution takes it.
 *
 * @param strides step per output pixel, down and right
 * @param pads rows added above and below, columns added left and right
 * @param dilations distance of neighbouring taps
 * @param transposed whether it is the transposed convolution
 * @param outputPadding rows and columns added to the transposed one's output
 * @param group into how many groups the channels are cut
 */
record ConvolutionGeometry(
    List<Integer> strides,
    List<Integer> pads,
    List<Integer> dilations,
    boolean transposed,
    List<Integer> outputPadding,
    int group) {
  ConvolutionGeometry {
    strides = List.copyOf(strides);
    pads = List.copyOf(pads);
    dilations = List.copyOf(dilations);
    outputPadding = List.copyOf(outputPadding);
  }

  static ConvolutionGeometry of(Op.Conv c) {
    return new ConvolutionGeometry(
        c.strides(), c.pads().subList(0, 2), c.dilations(), false, List.of(0, 0), c.group());
  }

  static ConvolutionGeometry of(Op.ConvTranspose c) {
    return new ConvolutionGeometry(
        c.strides(), c.pads().subList(0, 2), c.dilations(), true, c.outputPadding(), c.group());
  }

  /**
   * Whether each result is made of one pixel and the strides leave pixels out: then it is the same
   * convolution without strides, of the pixels that are left.
   */
  boolean samples(Shape weight) {
    return weight.dim(2) == 1
        && weight.dim(3) == 1
        && pads.equals(List.of(0, 0))
        && !strides.equals(List.of(1, 1));
  }

  /** That convolution without strides. */
  ConvolutionGeometry withoutStrides() {
    return new ConvolutionGeometry(
        List.of(1, 1), pads, List.of(1, 1), transposed, List.of(0, 0), group);
  }

  /** The pixels that the strides leave of an image. */
  String sampled(String image) {
    return "torch.slice(torch.slice("
        + image
        + ", 2, 0, None, "
        + strides.get(0)
        + "), 3, 0, None, "
        + strides.get(1)
        + ")";
  }

  /** The arguments of torch.convolution and its backward. */
  String arguments() {
    return strides
        + ", "
        + pads
        + ", "
        + dilations
        + ", "
        + (transposed ? "True" : "False")
        + ", "
        + outputPadding
        + ", "
        + group;
  }
}
