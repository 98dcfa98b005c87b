package org.xrv.explainer.baseline;

import java.util.Random;
import org.xrv.core.image.GrayImage;

/**
 * RISE (Petsiuk et al. 2018): the mean of random masks, each weighted with the prediction on the
 * image that it leaves visible; what is hidden is grey (0). Masks are coarse random grids, enlarged
 * bilinearly and shifted by a random part of a cell.
 *
 * @param masks how many, 1 to 100000
 * @param cells of the grid along each axis, at least 2
 * @param visible share of the cells that stay visible, in (0, 1)
 * @param seed of the masks
 */
public record Rise(int masks, int cells, double visible, long seed) implements BaselineMethod {
  /** The grid and share of its paper; a quarter of its masks, which take a CPU a minute or more. */
  public static final Rise DEFAULT = new Rise(1000, 7, 0.5, 1);

  public Rise {
    if (masks < 1 || masks > 100_000 || cells < 2 || !(visible > 0 && visible < 1)) {
      throw new IllegalArgumentException(masks + " masks of " + cells + " cells, " + visible);
    }
  }

  @Override
  public String title() {
    return "rise";
  }

  @Override
  public BaselineMap of(ClassifierProbe classifier, GrayImage image, int target) {
    float[] x = image.pixels();
    double[] map = new double[x.length];
    Random random = new Random(seed);
    for (int from = 0; from < masks; from += ClassifierProbe.BATCH) {
      int size = Math.min(ClassifierProbe.BATCH, masks - from);
      float[][] some = new float[size][];
      for (int n = 0; n < size; n++) {
        some[n] = mask(image.height(), image.width(), random);
      }
      double[] predictions = classifier.predictions(size, n -> product(x, some[n]), target);
      for (int n = 0; n < size; n++) {
        for (int i = 0; i < map.length; i++) {
          map[i] += predictions[n] * some[n][i] / (masks * visible);
        }
      }
    }
    return BaselineMap.of(image, map, classifier.prediction(image, target));
  }

  private static float[] product(float[] x, float[] mask) {
    float[] product = new float[x.length];
    for (int i = 0; i < x.length; i++) {
      product[i] = x[i] * mask[i];
    }
    return product;
  }

  /** One cell more than the image has room for: the shift takes it away again. */
  private float[] mask(int height, int width, Random random) {
    float[] grid = new float[(cells + 1) * (cells + 1)];
    for (int i = 0; i < grid.length; i++) {
      grid[i] = random.nextDouble() < visible ? 1 : 0;
    }
    double down = random.nextDouble();
    double right = random.nextDouble();
    float[] mask = new float[height * width];
    for (int r = 0; r < height; r++) {
      double y = Math.min(cells, (r + 0.5) * cells / height - 0.5 + down);
      for (int c = 0; c < width; c++) {
        double x = Math.min(cells, (c + 0.5) * cells / width - 0.5 + right);
        mask[r * width + c] = bilinear(grid, Math.max(0, y), Math.max(0, x));
      }
    }
    return mask;
  }

  private float bilinear(float[] grid, double y, double x) {
    int top = Math.min(cells - 1, (int) y);
    int left = Math.min(cells - 1, (int) x);
    double dy = y - top;
    double dx = x - left;
    int at = top * (cells + 1) + left;
    double above = grid[at] * (1 - dx) + grid[at + 1] * dx;
    double below = grid[at + cells + 1] * (1 - dx) + grid[at + cells + 2] * dx;
    return (float) (above * (1 - dy) + below * dy);
  }
}
