package org.xrv.core.dataset.phantom;

import java.util.Set;
import org.xrv.core.random.KeyedRandom;

/** Draws devices into a picture of additional attenuation, in natural logarithms. */
final class Devices {
  /** cm^-1 that a thickness of plastic with contrast filling absorbs. */
  private static final double PLASTIC = 0.8;

  private static final double METAL = 7;

  private final PhantomPatient patient;
  private final Chest chest;
  private final Geometry geometry;
  private final PathCanvas canvas;
  private final float[] metal;

  private Devices(Scene scene, Frame frame, float[] metal) {
    this.patient = scene.patient;
    this.chest = scene.chest;
    this.geometry = scene.geometry;
    this.canvas = new PathCanvas(frame, 0.03);
    this.metal = metal;
  }

  static void draw(Scene scene, Frame frame, float[] metal) {
    Set<Device> carried = scene.condition.devices();
    if (carried.isEmpty()) {
      return;
    }
    Devices devices = new Devices(scene, frame, metal);
    for (Device device : carried) {
      switch (device) {
        case PACEMAKER -> devices.pacemaker();
        case CENTRAL_LINE -> devices.centralLine();
        case ECG_LEADS -> devices.leads();
        case CHEST_TUBE -> devices.chestTube();
      }
    }
  }

  private void tube(Path path) {
    canvas.draw(path, Profile.TUBE, metal, PathCanvas.ADD);
  }

  private void ribbon(Path path) {
    canvas.draw(path, Profile.RIBBON, metal, PathCanvas.MAX);
  }

  /** A smooth line through points (x, y) at one depth, points in units of the body's size. */
  private Path line(double z, double halfWidth, double weight, double... points) {
    int n = points.length / 2;
    double[] along = new double[2 * n];
    double[] across = new double[2 * n];
    for (int i = 0; i < n; i++) {
      along[2 * i] = i;
      along[2 * i + 1] = points[2 * i];
      across[2 * i] = i;
      across[2 * i + 1] = points[2 * i + 1];
    }
    Curve x = new Curve(along);
    Curve y = new Curve(across);
    Path path = new Path();
    int pieces = 8 * (n - 1);
    double size = chest.size();
    for (int i = 0; i <= pieces; i++) {
      double t = i / 8.0;
      path.add(geometry.x(x.at(t) * size, z), geometry.y(y.at(t) * size, z), halfWidth, weight);
    }
    return path;
  }

  private void pacemaker() {
    KeyedRandom random = patient.random("pacemaker");
    double x = random.nextDouble(8.2, 10.2);
    double y = random.nextDouble(-9.6, -7.4);
    double tilt = 0.5 * random.nextDouble();
    double dx = 0.9 * Math.cos(tilt);
    double dy = 0.9 * Math.sin(tilt);
    ribbon(line(8, 1.75, 2.6, x - dx, y - dy, x + dx, y + dy));
    // The header where the leads come in absorbs less than the can.
    ribbon(line(8, 0.6, 1.2, x - 1.2 * dx, y - 1.9, x + 0.6 * dx, y - 1.9));
    double tip = random.nextDouble(5.4, 7.2);
    tube(
        line(
            2, 0.09, METAL, x - 0.8, y - 2, x - 2.2, y - 3.4, 4.5, -11.2, 1, -10.4, -1.9, -7, -2.2,
            -1, -1.6, 4, 1.5, 7.2, tip, 7.4));
    if (random.nextDouble() < 0.6) {
      tube(
          line(
              2, 0.08, METAL, x - 0.4, y - 2, x - 1.8, y - 3.7, 4.2, -11.5, 0.8, -10.7, -2.2, -7,
              -2.5, -1, -2.6, 2.6, -1.4, 2.2));
    }
  }

  private void centralLine() {
    KeyedRandom random = patient.random("central line");
    double tip = random.nextDouble(-2.5, 1.5);
    if (random.nextDouble() < 0.6) {
      double neck = random.nextDouble(-4.6, -3.4);
      tube(
          line(
              1,
              0.13,
              PLASTIC * 3,
              neck - 2,
              -24,
              neck,
              -18,
              neck + 0.8,
              -13,
              -2.1,
              -9,
              -2.3,
              -5,
              -2.0,
              tip));
    } else {
      tube(
          line(
              2,
              0.13,
              PLASTIC * 3,
              -13,
              -7.5,
              -9.5,
              -10,
              -6,
              -11,
              -3,
              -10.2,
              -2.2,
              -7,
              -2.2,
              -3,
              -1.9,
              tip));
    }
  }

  private void leads() {
    KeyedRandom random = patient.random("ECG leads");
    double[][] places = {{-9.5, -9.5}, {9.5, -9.5}, {-10.5, 8}, {10.5, 8.5}, {1.5, -1.5}};
    int pads = 3 + random.nextInt(3);
    for (int i = 0; i < pads; i++) {
      double x = places[i][0] + 1.2 * random.nextGaussian();
      double y = places[i][1] + 1.2 * random.nextGaussian();
      double z = 9;
      tube(line(z, 0.75, 0.28, x - 0.02, y, x + 0.02, y));
      tube(line(z, 0.28, 2.2, x - 0.02, y, x + 0.02, y));
      double away = x < 0 ? -1 : 1;
      boolean up = random.nextDouble() < 0.5;
      double bow = 2 * random.nextGaussian();
      tube(
          line(
              z,
              0.07,
              0.7 * METAL,
              x,
              y,
              x + 2.2 * away + 0.4 * bow,
              y + (up ? -2.5 : 2.5),
              x + 4.0 * away + bow,
              y + (up ? -9 : 9),
              x + 6.5 * away + bow,
              y + (up ? -26 : 26)));
    }
  }

  private void chestTube() {
    KeyedRandom random = patient.random("chest tube");
    int side = Pleura.side(patient, Pathology.PNEUMOTHORAX);
    double size = chest.size();
    double entry = random.nextDouble(2, 6);
    double wall = chest.wall(entry * size) / size;
    double top = chest.apex() / size + random.nextDouble(2.2, 4.5);
    double high = chest.wall(top * size) / size;
    double middle = chest.wall(0.5 * (entry + top) * size) / size;
    double[] points = {
      side * (wall + 9),
      entry + 5,
      side * (wall + 3),
      entry + 1.8,
      side * (wall - 0.9),
      entry - 1.2,
      side * (middle - 1.4 - random.nextDouble()),
      0.5 * (entry + top),
      side * (0.55 * high),
      top
    };
    canvas.draw(line(0, 0.42, PLASTIC, points), Profile.BONE, metal, PathCanvas.ADD);
    // The stripe that makes the drain visible.
    tube(line(0, 0.09, METAL * 0.8, points));
  }
}
