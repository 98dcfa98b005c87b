package org.xrv.core.dataset.phantom;

import java.util.ArrayList;
import java.util.List;
import org.xrv.core.random.KeyedRandom;

/** The arteries and veins of the lungs, branching from the hila. */
final class LungVessels {
  private static final double THINNEST = 0.12;

  private LungVessels() {}

  static List<Path> of(PhantomPatient patient, Chest chest, Geometry geometry) {
    List<Path> paths = new ArrayList<>();
    double size = chest.size();
    for (int side = -1; side <= 1; side += 2) {
      KeyedRandom random = patient.random(side < 0 ? "right vessels" : "left vessels");
      double full = Math.exp(0.18 * random.nextGaussian());
      double x = side * 3.4 * size;
      double y = (side < 0 ? -0.8 : -1.8) * size;
      int trunks = 7;
      for (int i = 0; i < trunks; i++) {
        // From straight up to straight down along the outer side.
        double direction = -1.35 + 2.75 * i / (trunks - 1) + 0.14 * random.nextGaussian();
        double radius = 0.55 * full * random.nextDouble(0.75, 1.15);
        grow(paths, random, geometry, side, x, y + 0.5 * (i - 3) * size, direction, radius, size);
      }
    }
    return paths;
  }

  private static void grow(
      List<Path> paths,
      KeyedRandom random,
      Geometry geometry,
      int side,
      double x,
      double y,
      double direction,
      double radius,
      double size) {
    double length = size * (0.7 + 4.2 * radius) * random.nextDouble(0.7, 1.3);
    double bend = 0.22 * random.nextGaussian();
    Path path = new Path();
    path.add(geometry.x(x, 0), geometry.y(y, 0), radius);
    double heading = direction;
    double px = x;
    double py = y;
    for (int i = 1; i <= 3; i++) {
      heading += bend / 3;
      px += side * Math.cos(heading) * length / 3;
      py += Math.sin(heading) * length / 3;
      path.add(geometry.x(px, 0), geometry.y(py, 0), radius * (1 - 0.05 * i));
    }
    paths.add(path);
    double main = radius * random.nextDouble(0.78, 0.9);
    double branch = radius * random.nextDouble(0.5, 0.72);
    double turn = random.nextDouble() < 0.5 ? 1 : -1;
    if (main > THINNEST) {
      grow(paths, random, geometry, side, px, py, heading - turn * 0.15, main, size);
    }
    if (branch > THINNEST) {
      double off = random.nextDouble(0.45, 0.9);
      grow(paths, random, geometry, side, px, py, heading + turn * off, branch, size);
    }
  }
}
