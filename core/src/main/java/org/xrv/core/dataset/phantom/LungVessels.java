package org.xrv.core.dataset.phantom;

import java.util.ArrayList;
import java.util.List;
import org.xrv.core.random.KeyedRandom;

/**
 * The arteries and veins of the lungs, branching from the hila. Each is one path from its origin to
 * where it is too thin to be seen.
 */
final class LungVessels {
  /** Radius in cm at which a vessel ends. */
  private static final double THINNEST = 0.085;

  /** Radius in pixels below which it is not drawn: it would be lost in the noise. */
  static final double FAINTEST = 0.28;

  private final KeyedRandom random;
  private final Geometry geometry;
  private final int side;
  private final double size;
  private final List<Path> paths;

  private LungVessels(
      KeyedRandom random, Geometry geometry, int side, double size, List<Path> paths) {
    this.random = random;
    this.geometry = geometry;
    this.side = side;
    this.size = size;
    this.paths = paths;
  }

  static List<Path> of(PhantomPatient patient, Chest chest, Geometry geometry) {
    List<Path> paths = new ArrayList<>();
    double size = chest.size();
    for (int side = -1; side <= 1; side += 2) {
      KeyedRandom random = patient.random(side < 0 ? "right vessels" : "left vessels");
      double full = Math.exp(0.15 * random.nextGaussian());
      double x = side * 2.9 * size;
      double y = (side < 0 ? -0.6 : -1.6) * size;
      LungVessels tree = new LungVessels(random, geometry, side, size, paths);
      int trunks = 8;
      for (int i = 0; i < trunks; i++) {
        // From straight up to straight down along the outer side; those to the bases are wider.
        double direction = -1.35 + 2.65 * i / (trunks - 1) + 0.14 * random.nextGaussian();
        double wide = 0.8 + 0.4 * i / (trunks - 1);
        double radius = 0.43 * full * wide * random.nextDouble(0.75, 1.15);
        tree.grow(x, y + 0.5 * (i - 3.5) * size, direction, radius);
      }
    }
    return paths;
  }

  /** Artery, vein and the wall of the airway run side by side: more tissue than one tube. */
  private static double bundle(double radius) {
    return 2 + 0.1 / radius;
  }

  private void grow(double x, double y, double direction, double radius) {
    Path path = new Path();
    path.add(geometry.x(x, 0), geometry.y(y, 0), radius, bundle(radius));
    paths.add(path);
    double heading = direction;
    double px = x;
    double py = y;
    double r = radius;
    while (r > THINNEST) {
      double length = size * (0.5 + 2.6 * r) * random.nextDouble(0.7, 1.3);
      double next = r * random.nextDouble(0.8, 0.9);
      double bend = 0.16 * random.nextGaussian();
      heading += bend;
      px += side * Math.cos(heading) * length;
      py += Math.sin(heading) * length;
      path.add(geometry.x(px, 0), geometry.y(py, 0), next, bundle(next));
      double branch = r * random.nextDouble(0.4, 0.66);
      double turn = random.nextDouble() < 0.5 ? 1 : -1;
      double off = random.nextDouble(0.4, 0.85);
      if (branch > THINNEST) {
        grow(px, py, heading + turn * off, branch);
      }
      heading -= turn * 0.12;
      r = next;
    }
  }
}
