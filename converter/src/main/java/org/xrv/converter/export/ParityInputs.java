package org.xrv.converter.export;

import java.util.List;
import org.xrv.core.dataset.phantom.PhantomDataset;
import org.xrv.core.graph.Shape;
import org.xrv.core.tensor.FloatTensor;

/**
 * What runtimes are compared on: phantom X-rays, one alone and two together, so that the symbolic
 * batch size is exercised. The same for every run, and there without any data set.
 */
final class ParityInputs {
  private static final long SEED = 20210216;
  private static final List<Integer> BATCHES = List.of(1, 2);

  private ParityInputs() {}

  /** Batches of images [N, 1, R, R], each the only input of a run. */
  static List<List<FloatTensor>> images(int resolution) {
    PhantomDataset phantom = new PhantomDataset(SEED, 3);
    int each = resolution * resolution;
    int first = 0;
    List<List<FloatTensor>> batches = new java.util.ArrayList<>();
    for (int size : BATCHES) {
      FloatTensor batch = FloatTensor.zeros(Shape.of(size, 1, resolution, resolution));
      for (int i = 0; i < size; i++) {
        float[] pixels = phantom.image(phantom.samples().get(first + i), resolution).pixels();
        System.arraycopy(pixels, 0, batch.data(), i * each, each);
      }
      first += size;
      batches.add(List.of(batch));
    }
    return batches;
  }
}
