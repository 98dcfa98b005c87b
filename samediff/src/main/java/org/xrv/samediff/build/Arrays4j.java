package org.xrv.samediff.build;

import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.VariableType;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.xrv.core.graph.Shape;
import org.xrv.core.tensor.FloatTensor;

/** Tensors as nd4j's arrays, which lie in native memory, and back. */
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
    INDArray floats = array.dataType() == DataType.FLOAT ? array : array.castTo(DataType.FLOAT);
    int[] dims = new int[array.rank()];
    for (int i = 0; i < dims.length; i++) {
      dims[i] = Math.toIntExact(array.size(i));
    }
    INDArray inOrder = floats.dup('c');
    try {
      return new FloatTensor(Shape.of(dims), inOrder.data().asFloat());
    } finally {
      inOrder.close();
      if (floats != array) {
        floats.close();
      }
    }
  }

  /** Gives back the native memory of a network's weights; it cannot be used afterwards. */
  public static void release(SameDiff network) {
    for (SDVariable variable : network.variables()) {
      if (variable.getVariableType() != VariableType.ARRAY) {
        INDArray array = variable.getArr(false);
        if (array != null && array.closeable()) {
          array.close();
        }
      }
    }
  }
}
