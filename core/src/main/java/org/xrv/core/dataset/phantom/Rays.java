package org.xrv.core.dataset.phantom;

/** The rays of one row of pixels, parallel to z, by the scene point that each passes. */
final class Rays {
  final float[] x;
  final float[] y;
  private long row;

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

  /** Moves to the centres of a row's pixels. */
  void moveTo(Frame frame, int row) {
    this.row++;
    for (int column = 0; column < x.length; column++) {
      x[column] = (float) frame.sceneX(column + 0.5, row + 0.5);
      y[column] = (float) frame.sceneY(column + 0.5, row + 0.5);
    }
  }
}
