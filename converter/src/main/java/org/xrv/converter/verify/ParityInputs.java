package org.xrv.converter.verify;

import java.util.ArrayList;
import java.util.List;
import org.xrv.core.dataset.phantom.PhantomDataset;
import org.xrv.core.graph.Shape;
import org.xrv.core.random.KeyedRandom;
import org.xrv.core.tensor.FloatTensor;

/**
 * What runtimes are compared on. The same on every machine, and there without any data set.
 *
 * @param low what black is to the network
 * @param high what white is to the network
 */
public record ParityInputs(double low, double high) {
  /** One image alone and two together, so that the symbolic batch size is exercised. */
  public static final List<Integer> BATCHES = List.of(1, 2);

  private static final int SMALLEST = 16;
  private static final int LARGEST = 4096;
  private static final long SEED = 20210216;

  /** The range of {@link org.xrv.core.image.Preprocessing}. */
  private static final double BLACK = -1024;

  private static final double WHITE = 1024;

  public ParityInputs {
    if (!(low < high)) {
      throw new IllegalArgumentException("images in [" + low + ", " + high + "]");
    }
  }

  /**
   * Whether an input takes X-rays as the phantom draws them: [N, 1 or 3, H, W] of sides from 16 to
   * 4096.
   */
  public static boolean drawable(Shape input) {
    return input.rank() == 4
        && (input.dim(1) == 1 || input.dim(1) == 3)
        && Math.min(input.dim(2), input.dim(3)) >= SMALLEST
        && Math.max(input.dim(2), input.dim(3)) <= LARGEST;
  }

  /** For networks that take pixels in [-1024, 1024]. */
  public static ParityInputs usual() {
    return new ParityInputs(BLACK, WHITE);
  }

  /** Batches of phantom X-rays [N, 1, resolution, resolution], each the only input of a run. */
  public static List<List<FloatTensor>> images(int resolution) {
    return usual().images(1, resolution, resolution, BATCHES);
  }

  /**
   * Batches of phantom X-rays [N, channels, height, width], each the only input of a run: squares
   * of the longer side, the middle of which is taken; every channel is the same.
   */
  public List<List<FloatTensor>> images(
      int channels, int height, int width, List<Integer> batches) {
    PhantomDataset phantom =
        new PhantomDataset(SEED, batches.stream().mapToInt(Integer::intValue).sum());
    int side = Math.max(height, width);
    List<List<FloatTensor>> results = new ArrayList<>();
    int next = 0;
    for (int size : batches) {
      FloatTensor batch = FloatTensor.zeros(Shape.of(size, channels, height, width));
      int at = 0;
      for (int i = 0; i < size; i++) {
        float[] pixels = phantom.image(phantom.samples().get(next++), side).pixels();
        for (int c = 0; c < channels; c++) {
          for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
              float p = pixels[(y + (side - height) / 2) * side + x + (side - width) / 2];
              batch.data()[at++] = scaled(p);
            }
          }
        }
      }
      results.add(List.of(batch));
    }
    return results;
  }

  private float scaled(float pixel) {
    return low == BLACK && high == WHITE
        ? pixel
        : (float) (low + (pixel - BLACK) / (WHITE - BLACK) * (high - low));
  }

  /** Numbers of a normal distribution with variance 1 for a network that takes no images. */
  public static FloatTensor noise(String input, Shape shape) {
    FloatTensor noise = FloatTensor.zeros(shape);
    KeyedRandom random = KeyedRandom.of(SEED, "parity", input);
    for (int i = 0; i < noise.data().length; i++) {
      noise.data()[i] = (float) random.nextGaussian();
    }
    return noise;
  }
}
