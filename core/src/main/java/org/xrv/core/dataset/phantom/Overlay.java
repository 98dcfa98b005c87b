package org.xrv.core.dataset.phantom;

/** What is on the picture beside the patient: the side letter and the edges of the beam. */
final class Overlay {
  private Overlay() {}

  static void apply(float[] grey, Frame frame, PhantomPatient patient) {
    collimate(grey, frame.resolution(), patient);
    letters(grey, frame, patient);
  }

  private static void collimate(float[] grey, int n, PhantomPatient patient) {
    var random = patient.random("collimation");
    boolean shuttered = random.nextDouble() < 0.4;
    double fill = random.nextDouble() < 0.12 ? 0.97 : 0.015;
    double lean = 0.012 * random.nextGaussian();
    double[] margin = new double[4];
    for (int i = 0; i < 4; i++) {
      boolean closed = random.nextDouble() < 0.45;
      double size = random.nextDouble(0.0, 0.085);
      margin[i] = shuttered && closed ? size : -1;
    }
    if (!shuttered) {
      return;
    }
    for (int y = 0; y < n; y++) {
      double v = (y + 0.5) / n;
      for (int x = 0; x < n; x++) {
        double u = (x + 0.5) / n;
        double inside =
            Math.min(
                Math.min(u - lean * (v - 0.5) - margin[0], 1 - u + lean * (v - 0.5) - margin[1]),
                Math.min(v + lean * (u - 0.5) - margin[2], 1 - v - lean * (u - 0.5) - margin[3]));
        double open = Math.max(0, Math.min(1, inside * n + 0.5));
        if (open < 1) {
          int at = y * n + x;
          grey[at] = (float) (fill + open * (grey[at] - fill));
        }
      }
    }
  }

  private static void letters(float[] grey, Frame frame, PhantomPatient patient) {
    var random = patient.random("marker");
    boolean marked = random.nextDouble() < 0.8;
    boolean left = random.nextDouble() < 0.75;
    double u = left ? random.nextDouble(0.82, 0.95) : random.nextDouble(0.05, 0.16);
    double v = random.nextDouble(0.04, 0.22);
    double height = random.nextDouble(0.035, 0.06);
    double angle = 0.15 * random.nextGaussian();
    double bright = random.nextDouble(0.85, 1);
    if (!marked) {
      return;
    }
    int n = frame.resolution();
    Path letter = new Path();
    double[][] points =
        left
            ? new double[][] {{0, 0}, {0, 1}, {0.55, 1}}
            : new double[][] {
              {0, 1},
              {0, 0},
              {0.4, 0.02},
              {0.58, 0.25},
              {0.4, 0.5},
              {0, 0.52},
              {0.3, 0.52},
              {0.62, 1}
            };
    for (double[] point : points) {
      double px = (point[0] - 0.3) * height;
      double py = (point[1] - 0.5) * height;
      double column = (u + px * Math.cos(angle) - py * Math.sin(angle)) * n;
      double row = (v + px * Math.sin(angle) + py * Math.cos(angle)) * n;
      letter.add(
          frame.sceneX(column, row), frame.sceneY(column, row), 0.1 * height * n * frame.pixel());
    }
    PathCanvas canvas = new PathCanvas(frame, 0);
    canvas.draw(
        letter,
        Profile.RIBBON,
        grey,
        (before, cover, at) -> (float) (before + Math.min(1, cover) * (bright - before)));
  }
}
