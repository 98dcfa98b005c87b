package org.xrv.converter.onnxruntime;

import org.xrv.core.graph.Shape;
import org.xrv.core.tensor.FloatTensor;

/**
 * A float64 tensor in row-major order.
 *
 * @param shape static
 */
@SuppressWarnings("ArrayRecordComponent") // a tensor is its array
public record WideTensor(Shape shape, double[] data) {
  public WideTensor {
    if (shape.elements() != data.length) {
      throw new IllegalArgumentException(data.length + " values for shape " + shape);
    }
  }

  /** The same numbers in float64. */
  public static WideTensor of(FloatTensor narrow) {
    double[] data = new double[narrow.data().length];
    for (int i = 0; i < data.length; i++) {
      data[i] = narrow.data()[i];
    }
    return new WideTensor(narrow.shape(), data);
  }
}
