package org.xrv.core.dataset.phantom;

/** The rays of one row of pixels, parallel to z, by the scene point that each passes. */
final class Rays {
  final float[] x;
  final float[] y;
  private long row;
  private double firstX;
  private double perStep;

  Rays(int count) {
    x = new float[count];
    y = new float[count];
  }

  int count() {
    return x.length;
  }

  /** Changes with every move. */
  long row() {
    return row;
  }

  /** The first ray that may be at x or beyond; the number of rays when none is. */
  int from(double atLeast) {
    if (perStep == 0) {
      return 0;
    }
    return (int) Math.max(0, Math.min(x.length, Math.floor((atLeast - firstX) * perStep)));
  }

  /** The end of the rays that may be at x or before. */
  int to(double atMost) {
    if (perStep == 0) {
      return x.length;
    }
    return (int) Math.max(0, Math.min(x.length, Math.ceil((atMost - firstX) * perStep) + 1));
  }

  /** Moves to the centres of a row's pixels. */
  void moveTo(Frame frame, int row) {
    this.row++;
    firstX = frame.sceneX(0.5, row + 0.5);
    perStep = 1 / frame.stepX();
    for (int column = 0; column < x.length; column++) {
      x[column] = (float) frame.sceneX(column + 0.5, row + 0.5);
      y[column] = (float) frame.sceneY(column + 0.5, row + 0.5);
    }
  }
}
