package org.xrv.core.dataset.phantom;

/**
 * Which point of the scene each pixel of a square picture sees.
 *
 * @param resolution pixels on a side
 * @param centreX scene x in cm at the picture's centre
 * @param centreY scene y in cm at the picture's centre
 * @param stepX scene x in cm per pixel to the right; scene y per pixel down is the same
 * @param stepY scene y in cm per pixel to the right; scene x per pixel down is its negative
 */
record Frame(int resolution, double centreX, double centreY, double stepX, double stepY) {
  static Frame of(PhantomPatient patient, int resolution) {
    double pixel = patient.fieldOfView() / resolution;
    return new Frame(
        resolution,
        patient.centreX(),
        patient.centreY(),
        pixel * Math.cos(patient.lean()),
        pixel * Math.sin(patient.lean()));
  }

  /** The side of a pixel in cm. */
  double pixel() {
    return Math.hypot(stepX, stepY);
  }

  double sceneX(double column, double row) {
    double half = 0.5 * resolution;
    return centreX + (column - half) * stepX - (row - half) * stepY;
  }

  double sceneY(double column, double row) {
    double half = 0.5 * resolution;
    return centreY + (column - half) * stepY + (row - half) * stepX;
  }

  /** Pixel columns, 0 at the left edge of the picture. */
  double column(double x, double y) {
    double scale = stepX * stepX + stepY * stepY;
    return 0.5 * resolution + ((x - centreX) * stepX + (y - centreY) * stepY) / scale;
  }

  /** Pixel rows, 0 at the upper edge of the picture. */
  double row(double x, double y) {
    double scale = stepX * stepX + stepY * stepY;
    return 0.5 * resolution + ((y - centreY) * stepX - (x - centreX) * stepY) / scale;
  }
}
