package org.xrv.core.reference;

import java.util.List;
import org.xrv.core.graph.Op;
import org.xrv.core.graph.ParameterKind;

/** Cases of Conv, ConvTranspose, BatchNormalization and Softmax. */
final class ConvolutionCases {
  private static final List<Integer> ONE = List.of(1, 1);
  private static final List<Integer> NONE = List.of(0, 0, 0, 0);

  private ConvolutionCases() {}

  static void add(OpCases all) {
    conv(all);
    convTranspose(all);
    normalization(all);
  }

  private static void conv(OpCases all) {
    all.add(
        "Conv of one pixel",
        b ->
            b.node(
                new Op.Conv(ONE, NONE, ONE, 1), b.input("x", 3, 4, 5), b.weight("w", 4, 3, 1, 1)));
    all.add(
        "Conv with bias",
        b ->
            b.node(
                new Op.Conv(ONE, List.of(1, 1, 1, 1), ONE, 1),
                b.input("x", 2, 5, 4),
                b.weight("w", 3, 2, 3, 3),
                b.weight("bias", 3)));
    all.add(
        "Conv with uneven kernel, strides and padding",
        b ->
            b.node(
                new Op.Conv(List.of(2, 1), List.of(1, 0, 2, 1), ONE, 1),
                b.input("x", 2, 7, 5),
                b.weight("w", 3, 2, 3, 2),
                b.weight("bias", 3)));
    all.add(
        "Conv that leaves a remainder",
        b ->
            b.node(
                new Op.Conv(List.of(3, 2), NONE, ONE, 1),
                b.input("x", 1, 9, 8),
                b.weight("w", 2, 1, 2, 3)));
    all.add(
        "Conv dilated",
        b ->
            b.node(
                new Op.Conv(ONE, List.of(2, 1, 2, 1), List.of(2, 3), 1),
                b.input("x", 2, 6, 7),
                b.weight("w", 2, 2, 3, 2)));
    all.add(
        "Conv in two groups",
        b ->
            b.node(
                new Op.Conv(List.of(2, 2), List.of(1, 1, 1, 1), ONE, 2),
                b.input("x", 4, 6, 6),
                b.weight("w", 6, 2, 3, 3),
                b.weight("bias", 6)));
    all.add(
        "Conv by channel",
        b ->
            b.node(
                new Op.Conv(ONE, List.of(0, 1, 0, 1), ONE, 3),
                b.input("x", 3, 4, 4),
                b.weight("w", 6, 1, 2, 3)));
    all.add(
        "Conv with padding wider than the kernel",
        b ->
            b.node(
                new Op.Conv(ONE, List.of(3, 3, 3, 3), ONE, 1),
                b.input("x", 1, 3, 3),
                b.weight("w", 2, 1, 2, 2)));
  }

  private static void convTranspose(OpCases all) {
    all.add(
        "ConvTranspose doubling",
        b ->
            b.node(
                new Op.ConvTranspose(List.of(2, 2), NONE, List.of(0, 0), ONE, 1),
                b.input("x", 3, 3, 4),
                b.weight("w", 3, 2, 2, 2)));
    all.add(
        "ConvTranspose with output padding and bias",
        b ->
            b.node(
                new Op.ConvTranspose(List.of(2, 2), List.of(1, 1, 1, 1), List.of(1, 1), ONE, 1),
                b.input("x", 2, 4, 3),
                b.weight("w", 2, 3, 3, 3),
                b.weight("bias", 3)));
    all.add(
        "ConvTranspose with uneven kernel, strides and output padding",
        b ->
            b.node(
                new Op.ConvTranspose(List.of(2, 3), List.of(1, 0, 1, 0), List.of(1, 2), ONE, 1),
                b.input("x", 2, 3, 3),
                b.weight("w", 2, 2, 4, 2)));
    all.add(
        "ConvTranspose with uneven padding",
        b ->
            b.node(
                new Op.ConvTranspose(List.of(2, 2), List.of(1, 0, 0, 2), List.of(0, 0), ONE, 1),
                b.input("x", 2, 3, 4),
                b.weight("w", 2, 2, 3, 3),
                b.weight("bias", 2)));
    all.add(
        "ConvTranspose with uneven padding and output padding",
        b ->
            b.node(
                new Op.ConvTranspose(List.of(2, 2), List.of(0, 1, 2, 0), List.of(1, 1), ONE, 1),
                b.input("x", 2, 3, 4),
                b.weight("w", 2, 2, 3, 3)));
    all.add(
        "ConvTranspose dilated",
        b ->
            b.node(
                new Op.ConvTranspose(ONE, List.of(1, 2, 1, 2), List.of(0, 0), List.of(2, 3), 1),
                b.input("x", 2, 4, 4),
                b.weight("w", 2, 1, 3, 2)));
    all.add(
        "ConvTranspose in two groups",
        b ->
            b.node(
                new Op.ConvTranspose(List.of(2, 1), List.of(0, 1, 0, 1), List.of(0, 0), ONE, 2),
                b.input("x", 4, 3, 3),
                b.weight("w", 4, 3, 2, 3),
                b.weight("bias", 6)));
    all.add(
        "ConvTranspose with output padding below the dilation",
        b ->
            b.node(
                new Op.ConvTranspose(ONE, NONE, List.of(1, 1), List.of(2, 2), 1),
                b.input("x", 2, 3, 3),
                b.weight("w", 2, 2, 2, 2)));
    all.add(
        "ConvTranspose with output padding of the stride",
        b ->
            b.node(
                new Op.ConvTranspose(ONE, List.of(1, 1, 1, 1), List.of(1, 2), ONE, 1),
                b.input("x", 2, 4, 4),
                b.weight("w", 2, 2, 3, 3),
                b.weight("bias", 2)));
  }

  private static void normalization(OpCases all) {
    all.add("BatchNormalization of images", b -> batchNorm(b, 1e-5f, b.input("x", 3, 4, 2), 3));
    all.add("BatchNormalization of rows", b -> batchNorm(b, 1e-5f, b.input("x", 4), 4));
    all.add("BatchNormalization, large epsilon", b -> batchNorm(b, 0.3f, b.input("x", 2, 3, 3), 2));
    for (int axis : new int[] {1, -1, 2}) {
      all.add(
          "Softmax along axis " + axis, b -> b.node(new Op.Softmax(axis), b.input("x", 3, 4, 2)));
    }
    all.add(
        "Softmax of large numbers",
        b -> b.node(new Op.Softmax(1), b.given("x", new float[] {1000, 1001, 998, -5}, 4)));
  }

  private static String batchNorm(CaseBuilder b, float epsilon, String x, int channels) {
    return b.node(
        new Op.BatchNormalization(epsilon, 0.9f),
        x,
        b.weight(0.5, 1.5, ParameterKind.BATCH_NORM_SCALE, "scale", channels),
        b.weight(-1, 1, ParameterKind.BATCH_NORM_SHIFT, "shift", channels),
        b.weight(-1, 1, ParameterKind.RUNNING_MEAN, "mean", channels),
        b.weight(0.2, 2, ParameterKind.RUNNING_VARIANCE, "variance", channels));
  }
}
