package org.xrv.explainer.baseline;

import java.util.ArrayList;
import java.util.List;
import org.xrv.core.image.GrayImage;

/**
 * Occlusion (Zeiler and Fergus 2014): how far the prediction falls when a square of the image is
 * grey (0), as the mean over the squares that cover a pixel; 0 where it rises.
 *
 * @param side of the square in pixels, at least 1
 * @param stride between squares in pixels, 1 to the side
 */
public record Occlusion(int side, int stride) implements BaselineMethod {
  /** A fourteenth of the image, in steps of a half of that, at 224 pixels. */
  public static final Occlusion DEFAULT = new Occlusion(16, 8);

  public Occlusion {
    if (side < 1 || stride < 1 || stride > side) {
      throw new IllegalArgumentException("squares of " + side + " pixels every " + stride);
    }
  }

  @Override
  public String title() {
    return "occlusion";
  }

  /** The upper left corners along one axis: the last square ends where the image does. */
  private List<Integer> starts(int length) {
    List<Integer> starts = new ArrayList<>();
    for (int at = 0; at + side < length; at += stride) {
      starts.add(at);
    }
    starts.add(Math.max(0, length - side));
    return starts;
  }

  @Override
  public BaselineMap of(ClassifierProbe classifier, GrayImage image, int target) {
    List<Integer> rows = starts(image.height());
    List<Integer> columns = starts(image.width());
    int count = rows.size() * columns.size();
    double whole = classifier.prediction(image, target);
    double[] without =
        classifier.predictions(
            count,
            n -> covered(image, rows.get(n / columns.size()), columns.get(n % columns.size())),
            target);
    double[] sum = new double[image.pixels().length];
    int[] covers = new int[sum.length];
    for (int n = 0; n < count; n++) {
      int top = rows.get(n / columns.size());
      int left = columns.get(n % columns.size());
      for (int r = top; r < Math.min(image.height(), top + side); r++) {
        for (int c = left; c < Math.min(image.width(), left + side); c++) {
          sum[r * image.width() + c] += whole - without[n];
          covers[r * image.width() + c]++;
        }
      }
    }
    for (int i = 0; i < sum.length; i++) {
      sum[i] = Math.max(0, sum[i] / covers[i]);
    }
    return BaselineMap.of(image, sum, whole);
  }

  private float[] covered(GrayImage image, int top, int left) {
    float[] pixels = image.pixels().clone();
    for (int r = top; r < Math.min(image.height(), top + side); r++) {
      for (int c = left; c < Math.min(image.width(), left + side); c++) {
        pixels[r * image.width() + c] = 0;
      }
    }
    return pixels;
  }
}
