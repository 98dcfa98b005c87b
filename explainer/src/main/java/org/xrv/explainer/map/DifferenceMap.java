package org.xrv.explainer.map;

import java.util.List;
import org.xrv.core.image.GrayImage;
import org.xrv.explainer.search.Frame;

/**
 * From frames to a map, as the paper names them (section "Video to one 2D map"). Maps have the
 * frames' size and are in pixel units, at least 0.
 */
public enum DifferenceMap {
  /** Per pixel the maximum of abs(x0 - x_lambda) over the frames. */
  MAX {
    @Override
    public GrayImage of(GrayImage origin, List<Frame> frames) {
      float[] map = new float[origin.pixels().length];
      for (Frame f : frames) {
        float[] x = f.image().pixels();
        for (int i = 0; i < map.length; i++) {
          map[i] = Math.max(map[i], Math.abs(origin.pixels()[i] - x[i]));
        }
      }
      return new GrayImage(origin.height(), origin.width(), map);
    }
  },
  /** Per pixel the mean of abs(x0 - x_lambda) over the frames. */
  MEAN {
    @Override
    public GrayImage of(GrayImage origin, List<Frame> frames) {
      double[] sum = new double[origin.pixels().length];
      for (Frame f : frames) {
        add(sum, origin, f.image());
      }
      return divided(origin, sum, frames.size());
    }
  },
  /** abs(x_lambda_min - x_lambda_max). */
  MM {
    @Override
    public GrayImage of(GrayImage origin, List<Frame> frames) {
      double[] sum = new double[origin.pixels().length];
      add(sum, frames.get(0).image(), frames.get(frames.size() - 1).image());
      return divided(origin, sum, 1);
    }
  },
  /** "Sliding interval": the mean of abs differences of neighbouring frames. */
  INT {
    @Override
    public GrayImage of(GrayImage origin, List<Frame> frames) {
      double[] sum = new double[origin.pixels().length];
      for (int i = 1; i < frames.size(); i++) {
        add(sum, frames.get(i - 1).image(), frames.get(i).image());
      }
      return divided(origin, sum, Math.max(1, frames.size() - 1));
    }
  };

  /**
   * The map.
   *
   * @param origin the reconstruction x0 = D(z)
   * @param frames in rising order of lambda, at least one, of the origin's size
   */
  public abstract GrayImage of(GrayImage origin, List<Frame> frames);

  private static void add(double[] sum, GrayImage a, GrayImage b) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += Math.abs(a.pixels()[i] - b.pixels()[i]);
    }
  }

  private static GrayImage divided(GrayImage size, double[] sum, int count) {
    float[] map = new float[sum.length];
    for (int i = 0; i < map.length; i++) {
      map[i] = (float) (sum[i] / count);
    }
    return new GrayImage(size.height(), size.width(), map);
  }
}
