package org.xrv.converter.optimize;

import java.util.ArrayList;
import java.util.List;
import org.xrv.core.dataset.phantom.PhantomDataset;
import org.xrv.core.graph.Shape;
import org.xrv.core.tensor.FloatTensor;

/** X-rays to compare on, the same for everybody: phantoms, one alone and three together. */
final class PhantomImages {
  private static final long SEED = 20210216;
  private static final List<Integer> BATCHES = List.of(1, 3);

  /** The phantom's pixels are in [-1024, 1024]. */
  private static final float BOUND = 1024;

  private PhantomImages() {}

  /** Whether an input takes square images: [N, 1 or 3, R, R], R of at least 16. */
  static boolean fit(Shape input) {
    return input.rank() == 4
        && (input.dim(1) == 1 || input.dim(1) == 3)
        && input.dim(2) == input.dim(3)
        && input.dim(2) >= 16;
  }

  /**
   * Batches for an input.
   *
   * @param low the value of black
   * @param high the value of white
   */
  static List<FloatTensor> batches(Shape input, double low, double high) {
    int channels = input.dim(1);
    int resolution = input.dim(2);
    boolean open = input.dim(0) == Shape.UNKNOWN;
    PhantomDataset phantom = new PhantomDataset(SEED, 4);
    int next = 0;
    List<FloatTensor> batches = new ArrayList<>();
    for (int size : open ? BATCHES : List.of(input.dim(0))) {
      FloatTensor batch = FloatTensor.zeros(Shape.of(size, channels, resolution, resolution));
      int at = 0;
      for (int i = 0; i < size; i++) {
        float[] pixels =
            phantom
                .image(phantom.samples().get(next++ % phantom.samples().size()), resolution)
                .pixels();
        for (int c = 0; c < channels; c++) {
          for (float p : pixels) {
            batch.data()[at++] = (float) (low + (p + BOUND) / (2 * BOUND) * (high - low));
          }
        }
      }
      batches.add(batch);
    }
    return batches;
  }
}
