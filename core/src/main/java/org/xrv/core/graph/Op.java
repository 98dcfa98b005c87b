package org.xrv.core.graph;

import java.util.List;

/**
 * The operations of a graph. Each record has the meaning of the ONNX operator of the same name
 * (opset 17), its components the attributes; shapes, axes and scalars that ONNX takes as extra
 * inputs (Reshape, Clip, Split, ReduceSum ...) are components here. Spatial attributes are per axis
 * (height, width); pads are (top, left, bottom, right).
 */
public sealed interface Op {
  /** ONNX's name of the operator. */
  default String type() {
    return getClass().getSimpleName();
  }

  /** Inputs: x [N, C, H, W], weight [M, C / group, kH, kW], optional bias [M]. */
  record Conv(List<Integer> strides, List<Integer> pads, List<Integer> dilations, int group)
      implements Op {
    public Conv {
      strides = spatial(strides, 2, 1);
      pads = spatial(pads, 4, 0);
      dilations = spatial(dilations, 2, 1);
      atLeastOne(group, "group");
    }
  }

  /**
   * Inputs: x [N, C, H, W], weight [C, M / group, kH, kW], optional bias [M]. Output size: stride
   * (H - 1) + outputPadding + dilation (kH - 1) + 1 - pads.
   */
  record ConvTranspose(
      List<Integer> strides,
      List<Integer> pads,
      List<Integer> outputPadding,
      List<Integer> dilations,
      int group)
      implements Op {
    public ConvTranspose {
      strides = spatial(strides, 2, 1);
      pads = spatial(pads, 4, 0);
      outputPadding = spatial(outputPadding, 2, 0);
      dilations = spatial(dilations, 2, 1);
      atLeastOne(group, "group");
    }
  }

  /**
   * Inputs: x, scale, shift, running mean, running variance. In inference (x - mean) /
   * sqrt(variance + epsilon) * scale + shift. A training program uses the batch's own statistics
   * and updates running := momentum * running + (1 - momentum) * batch, the variance unbiased, as
   * PyTorch does.
   */
  record BatchNormalization(float epsilon, float momentum) implements Op {}

  record Relu() implements Op {}

  record LeakyRelu(float alpha) implements Op {}

  record Sigmoid() implements Op {}

  record Tanh() implements Op {}

  record Exp() implements Op {}

  record Log() implements Op {}

  record Sqrt() implements Op {}

  /** The error function, element by element. */
  record Erf() implements Op {}

  record Abs() implements Op {}

  record Neg() implements Op {}

  record Sign() implements Op {}

  record Identity() implements Op {}

  /** Element by element with broadcasting, as are Sub, Mul, Div and the comparisons. */
  record Add() implements Op {}

  record Sub() implements Op {}

  record Mul() implements Op {}

  record Div() implements Op {}

  /** Boolean result. */
  record Greater() implements Op {}

  /** Inputs: condition (boolean), x, y. */
  record Where() implements Op {}

  /**
   * Optional second output: INT64 indices of the maxima, flat over the whole input tensor [N, C, H,
   * W]. Padding never wins.
   */
  record MaxPool(List<Integer> kernel, List<Integer> strides, List<Integer> pads) implements Op {
    public MaxPool {
      kernel = spatial(kernel, 2, 1);
      strides = spatial(strides, 2, 1);
      pads = spatial(pads, 4, 0);
    }
  }

  record AveragePool(
      List<Integer> kernel, List<Integer> strides, List<Integer> pads, boolean countIncludePad)
      implements Op {
    public AveragePool {
      kernel = spatial(kernel, 2, 1);
      strides = spatial(strides, 2, 1);
      pads = spatial(pads, 4, 0);
    }
  }

  /** [N, C, H, W] to [N, C, 1, 1]. */
  record GlobalAveragePool() implements Op {}

  record Concat(int axis) implements Op {}

  /** One output per size. */
  record Split(int axis, List<Integer> sizes) implements Op {
    public Split {
      sizes = List.copyOf(sizes);
    }
  }

  /** alpha * A' B' + beta * C; inputs A [M, K], B [K, N], optional C. */
  record Gemm(float alpha, float beta, boolean transA, boolean transB) implements Op {}

  record MatMul() implements Op {}

  record Flatten(int axis) implements Op {}

  /** One dimension may be -1 (what is left), 0 copies the input's. */
  record Reshape(List<Integer> shape) implements Op {
    public Reshape {
      shape = List.copyOf(shape);
    }
  }

  /**
   * Repeats x by broadcasting. Inputs: x, and where the shape holds -1 a value whose first
   * dimension (the batch) is meant by it.
   *
   * @param shape what x is broadcast with; positive numbers, and at most one -1
   */
  record Expand(List<Integer> shape) implements Op {
    public Expand {
      shape = List.copyOf(shape);
      if (shape.stream().anyMatch(d -> d < 1 && d != -1)
          || shape.stream().filter(d -> d == -1).count() > 1) {
        throw new IllegalArgumentException("it expands to " + shape);
      }
    }

    /** Whether there is a second input. */
    public boolean hasBatch() {
      return shape.contains(-1);
    }
  }

  record Transpose(List<Integer> permutation) implements Op {
    public Transpose {
      permutation = List.copyOf(permutation);
    }
  }

  /** Constant padding; pads are all axes' begins, then all ends, as in ONNX; negative pads crop. */
  record Pad(List<Integer> pads, float value) implements Op {
    public Pad {
      pads = List.copyOf(pads);
    }
  }

  record Clip(float min, float max) implements Op {}

  record ReduceMean(List<Integer> axes, boolean keepDims) implements Op {
    public ReduceMean {
      axes = List.copyOf(axes);
    }
  }

  record ReduceSum(List<Integer> axes, boolean keepDims) implements Op {
    public ReduceSum {
      axes = List.copyOf(axes);
    }
  }

  record Softmax(int axis) implements Op {}

  record Cast(ElementType to) implements Op {}

  /** No inputs; a float scalar. */
  record Constant(float value) implements Op {}

  /**
   * Inputs: data, indices (INT64), updates; data with updates added at the indices along the axis
   * (ONNX ScatterElements with reduction "add").
   */
  record ScatterElements(int axis) implements Op {}

  /** Inputs: data, indices (INT64, of rank 1); ONNX Gather. */
  record Gather(int axis) implements Op {}

  private static List<Integer> spatial(List<Integer> values, int count, int minimum) {
    if (values.size() != count || values.stream().anyMatch(v -> v < minimum)) {
      throw new IllegalArgumentException(
          "expected " + count + " numbers of at least " + minimum + ", got " + values);
    }
    return List.copyOf(values);
  }

  private static void atLeastOne(int value, String what) {
    if (value < 1) {
      throw new IllegalArgumentException(what + " is " + value);
    }
  }
}
