package org.xrv.trainer.data;

import org.xrv.core.graph.Shape;
import org.xrv.core.tensor.FloatTensor;

/** The mean of the training images: what a model that learned nothing but the average predicts. */
public final class MeanImage {
  private MeanImage() {}

  /**
   * The pixelwise mean over all readable images of a loader, unaugmented, summed in their order in
   * float64.
   *
   * @param beforeEach asked before each batch; may throw to stop
   * @return [1, 1, R, R], pixels in [-1024, 1024]
   * @throws org.xrv.core.error.ProblemException BAD_DATA when no image can be read
   */
  public static FloatTensor of(Loader loader, Runnable beforeEach) {
    double[] sum = null;
    long count = 0;
    int resolution = 0;
    try (BatchStream stream = loader.inOrder()) {
      for (var batch = stream.next(); batch.isPresent(); batch = stream.next()) {
        beforeEach.run();
        float[] pixels = batch.get().images().data();
        resolution = batch.get().images().shape().dim(-1);
        int each = resolution * resolution;
        if (sum == null) {
          sum = new double[each];
        }
        for (int i = 0; i < pixels.length; i++) {
          sum[i % each] += pixels[i];
        }
        count += batch.get().size();
      }
    }
    if (sum == null) {
      throw new org.xrv.core.error.ProblemException(
          org.xrv.core.error.ProblemKind.BAD_DATA,
          "none of the " + loader.samples().size() + " training images can be read");
    }
    FloatTensor mean = FloatTensor.zeros(Shape.of(1, 1, resolution, resolution));
    for (int i = 0; i < sum.length; i++) {
      mean.data()[i] = (float) (sum[i] / count);
    }
    return mean;
  }
}
