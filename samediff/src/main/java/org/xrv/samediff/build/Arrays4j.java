package org.xrv.samediff.build;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.xrv.core.graph.Shape;
import org.xrv.core.tensor.FloatTensor;

/**
 * Tensors as nd4j's arrays and back. The arrays are not closed: nd4j frees them when they are
 * collected, and in 1.0.0-M2.1 a second time when they were closed before, which ends the process.
 */
public final class Arrays4j {
  private Arrays4j() {}

  /** A copy in native memory, rows first. */
  public static INDArray of(FloatTensor tensor) {
    return tensor.shape().rank() == 0
        ? Nd4j.scalar(tensor.data()[0])
        : Nd4j.create(tensor.data(), tensor.shape().toLongArray(), 'c');
  }

  /** A copy on the heap, in the order of the shape whatever order the array has. */
  public static FloatTensor tensor(INDArray array) {
    INDArray floats =
        array.dataType() == DataType.FLOAT ? array : array.castTo(DataType.FLOAT);
    int[] dims = new int[array.rank()];
    for (int i = 0; i < dims.length; i++) {
      dims[i] = Math.toIntExact(array.size(i));
    }
    return new FloatTensor(Shape.of(dims), floats.dup('c').data().asFloat());
  }
}
