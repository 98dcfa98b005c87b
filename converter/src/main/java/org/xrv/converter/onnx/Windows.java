package org.xrv.converter.onnx;

import java.util.ArrayList;
import java.util.List;
import org.xrv.core.graph.Op;
import org.xrv.core.graph.Shape;

/** Reads the ops that slide a window over two spatial axes. */
final class Windows {
  private static final List<Integer> ONES = List.of(1, 1);
  private static final List<Integer> NONE = List.of(0, 0, 0, 0);
  private final NodeInput in;

  Windows(NodeInput in) {
    this.in = in;
  }

  /** Kernel, strides, pads and dilations. */
  private record Window(
      List<Integer> kernel, List<Integer> strides, List<Integer> pads, List<Integer> dilations) {}

  Op conv() {
    Window w = convolution();
    return new Op.Conv(w.strides(), w.pads(), w.dilations(), in.attributes().integer("group", 1));
  }

  Op convTranspose() {
    if (in.attributes().has("output_shape")
        || !in.attributes().text("auto_pad", "NOTSET").equals("NOTSET")) {
      throw new IllegalArgumentException("output_shape and auto_pad are not known here");
    }
    Window w = convolution();
    return new Op.ConvTranspose(
        w.strides(),
        w.pads(),
        in.attributes().ints("output_padding", List.of(0, 0)),
        w.dilations(),
        in.attributes().integer("group", 1));
  }

  Op maxPool() {
    in.attributes().require("storage_order", 0);
    Window w = pooling();
    // Padding never wins, so a last window that is not full may be padded.
    return new Op.MaxPool(w.kernel(), w.strides(), ceiled(w));
  }

  Op averagePool() {
    Window w = pooling();
    boolean counted = in.attributes().flag("count_include_pad", false);
    List<Integer> pads = ceiled(w);
    if (counted && !pads.equals(w.pads())) {
      throw new IllegalArgumentException("ceil_mode = 1 with count_include_pad is not supported");
    }
    return new Op.AveragePool(w.kernel(), w.strides(), pads, counted);
  }

  /** A pool over the whole image. */
  Op globalMaxPool() {
    Shape x = in.shape(0);
    requireImage(x);
    return new Op.MaxPool(List.of(x.dim(2), x.dim(3)), ONES, NONE);
  }

  private static void requireImage(Shape x) {
    if (x.rank() != 4) {
      throw new IllegalArgumentException("two spatial axes are expected, not " + x);
    }
  }

  private Window convolution() {
    Shape w = in.shape(1);
    return window(w.dims().subList(Math.min(2, w.rank()), w.rank()));
  }

  private Window pooling() {
    Window w = window(in.attributes().ints("kernel_shape", List.of()));
    if (!w.dilations().equals(ONES)) {
      throw new IllegalArgumentException("pooling with dilations " + w.dilations());
    }
    return w;
  }

  private Window window(List<Integer> kernel) {
    if (kernel.size() != 2) {
      throw new IllegalArgumentException("two spatial axes are expected, kernel " + kernel);
    }
    requireImage(in.shape(0));
    List<Integer> strides = in.attributes().ints("strides", ONES);
    List<Integer> dilations = in.attributes().ints("dilations", ONES);
    List<Integer> pads =
        switch (in.attributes().text("auto_pad", "NOTSET")) {
          case "NOTSET" -> in.attributes().ints("pads", NONE);
          case "VALID" -> NONE;
          case "SAME_UPPER" -> same(kernel, strides, dilations, false);
          default -> same(kernel, strides, dilations, true);
        };
    if (strides.size() != 2 || dilations.size() != 2 || pads.size() != 4) {
      throw new IllegalArgumentException(
          "strides " + strides + ", dilations " + dilations + ", pads " + pads);
    }
    return new Window(kernel, strides, pads, dilations);
  }

  /** Padding such that the output has ceil(size / stride); the odd pixel goes to one side. */
  private List<Integer> same(
      List<Integer> kernel, List<Integer> strides, List<Integer> dilations, boolean lower) {
    int[] pads = new int[4];
    for (int i = 0; i < 2; i++) {
      int size = in.shape(0).dim(2 + i);
      int stride = strides.get(i);
      int reach = dilations.get(i) * (kernel.get(i) - 1) + 1;
      int total = Math.max(0, ((size + stride - 1) / stride - 1) * stride + reach - size);
      pads[i] = lower ? total - total / 2 : total / 2;
      pads[2 + i] = total - pads[i];
    }
    return List.of(pads[0], pads[1], pads[2], pads[3]);
  }

  /**
   * With ceil_mode, the padding that makes a last window full, unless the window would begin behind
   * the image (then PyTorch and ONNX leave it out).
   */
  private List<Integer> ceiled(Window w) {
    if (!in.attributes().flag("ceil_mode", false)) {
      return w.pads();
    }
    List<Integer> pads = new ArrayList<>(w.pads());
    Shape x = in.shape(0);
    for (int i = 0; i < 2; i++) {
      int stride = w.strides().get(i);
      int before = w.pads().get(i);
      int room = x.dim(2 + i) + before + w.pads().get(2 + i) - w.kernel().get(i);
      int rest = Math.floorMod(-room, stride);
      int start = room + rest; // of the last window, within the padded image
      if (rest > 0 && start < x.dim(2 + i) + before) {
        pads.set(2 + i, w.pads().get(2 + i) + rest);
      }
    }
    return pads;
  }
}
