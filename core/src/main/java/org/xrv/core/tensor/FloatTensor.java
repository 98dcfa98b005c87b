package org.xrv.core.tensor;

import org.xrv.core.graph.Shape;

/**
 * A float32 tensor in row-major order. The array is not copied: whoever makes the tensor gives it
 * away.
 *
 * @param shape static
 * @param data as many values as the shape has elements
 */
@SuppressWarnings(
    "ArrayRecordComponent") // a tensor is its array; copies of 125 MB of weights would be the wrong
// kind of safety
public record FloatTensor(Shape shape, float[] data) {
  public FloatTensor {
    if (shape.elements() != data.length) {
      throw new IllegalArgumentException(data.length + " values for shape " + shape);
    }
  }

  public static FloatTensor zeros(Shape shape) {
    return new FloatTensor(shape, new float[Math.toIntExact(shape.elements())]);
  }

  public static FloatTensor filled(Shape shape, float value) {
    FloatTensor t = zeros(shape);
    java.util.Arrays.fill(t.data, value);
    return t;
  }
}
