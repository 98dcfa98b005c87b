package org.xrv.core.dataset.phantom;

import java.util.ArrayList;
import java.util.List;

/**
 * Tissue or fluid spread in the air spaces: soft balls whose density falls from the middle to the
 * edge, and bands. Measured as cm of lung that turn into soft tissue.
 */
final class Haze {
  private record Ball(Ellipsoid shape, double density) {}

  private final List<Ball> balls = new ArrayList<>();
  private final List<Path> bands = new ArrayList<>();

  boolean isEmpty() {
    return balls.isEmpty() && bands.isEmpty();
  }

  /**
   * Adds a ball of density {@code density} (1 - r^2), r from 0 in the middle to 1 at the surface.
   *
   * @param density share of the lung that is filled at the middle, in [0, 1]
   */
  Haze ball(Ellipsoid shape, double density) {
    balls.add(new Ball(shape, density));
    return this;
  }

  /** Adds a band: a tube whose weight tells how many times deeper than wide it is. */
  Haze band(Path path) {
    bands.add(path);
    return this;
  }

  /** Adds cm of tissue to a picture, whether or not there is lung. */
  void addTo(float[] picture, Frame frame) {
    for (Ball ball : balls) {
      add(ball, picture, frame);
    }
    if (!bands.isEmpty()) {
      PathCanvas canvas = new PathCanvas(frame, 0.1);
      for (Path band : bands) {
        canvas.draw(band, Profile.TUBE, picture, PathCanvas.MAX);
      }
    }
  }

  private static void add(Ball ball, float[] picture, Frame frame) {
    Ellipsoid e = ball.shape();
    int n = frame.resolution();
    double column = frame.column(e.x(), e.y());
    double row = frame.row(e.x(), e.y());
    double reach = Math.max(e.a(), e.b()) / frame.pixel();
    int left = (int) Math.max(0, Math.floor(column - reach));
    int right = (int) Math.min(n - 1, Math.ceil(column + reach));
    int top = (int) Math.max(0, Math.floor(row - reach));
    int bottom = (int) Math.min(n - 1, Math.ceil(row + reach));
    double cos = Math.cos(e.angle());
    double sin = Math.sin(e.angle());
    for (int y = top; y <= bottom; y++) {
      for (int x = left; x <= right; x++) {
        double dx = frame.sceneX(x + 0.5, y + 0.5) - e.x();
        double dy = frame.sceneY(x + 0.5, y + 0.5) - e.y();
        double u = (cos * dx + sin * dy) / e.a();
        double v = (cos * dy - sin * dx) / e.b();
        double inside = 1 - u * u - v * v;
        if (inside > 0) {
          // The integral of 1 - r^2 along the ray.
          picture[y * n + x] +=
              (float) (ball.density() * 4 / 3 * e.c() * inside * Math.sqrt(inside));
        }
      }
    }
  }
}
