package org.xrv.core.dataset.phantom;

import java.util.ArrayList;
import java.util.List;

/** The bones, as curved tubes with a dense shell, and the vertebral column. */
final class Skeleton {
  private static final int RIBS = 11;
  private static final int PIECES = 28;

  /** An ellipse has 1; the chest wall is flatter at the side. */
  private static final double BULGE = 0.66;

  /** Thickness of a rib over its height. */
  private static final double FLATNESS = 0.45;

  private Skeleton() {}

  /** Side curvature of the spine: x in cm at a height. */
  static Curve spineCourse(PhantomPatient patient) {
    var random = patient.random("spine");
    double bend = 0.35 * random.nextGaussian();
    double lower = 0.35 * random.nextGaussian();
    return new Curve(-30, 0, -10, bend, 0, 0.2 * bend, 10, lower, 30, 0);
  }

  /** The vertebral bodies; the discs between them are gaps. */
  static Column spine(PhantomPatient patient, Chest chest, Geometry geometry) {
    Curve course = spineCourse(patient);
    double size = chest.size();
    double z = -4.5;
    return new Column(
        0.6,
        (y, slice) -> {
          double level = y / size;
          double phase = vertebra(level);
          double within = phase - Math.floor(phase);
          double thickness = 1.25 + 0.02 * level;
          double waist = 4 * (within - 0.4) * (within - 0.4);
          slice[0] = geometry.x(course.at(y), z);
          slice[1] = within < 0.84 ? (1.38 + 0.02 * level + 0.2 * waist) * size : 0.01;
          slice[2] = z;
          slice[3] =
              within < 0.84 ? (thickness + (within < 0.08 || within > 0.76 ? 0.35 : 0)) : 0.01;
        });
  }

  /** The number of the vertebra at a height; its fraction tells where inside. Th1 is 1. */
  private static double vertebra(double level) {
    // Vertebrae grow from about 1.9 cm at the neck to 2.9 cm at the waist.
    return 1 + (level + 15) / 2.15 - 0.0042 * (level + 15) * (level + 15);
  }

  private static double height(double vertebra) {
    double low = -40;
    double high = 40;
    for (int i = 0; i < 40; i++) {
      double middle = 0.5 * (low + high);
      if (vertebra(middle) < vertebra) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** Pedicles and spinous processes, seen end on as small rings. */
  static List<Path> processes(PhantomPatient patient, Chest chest, Geometry geometry) {
    Curve course = spineCourse(patient);
    double size = chest.size();
    List<Path> paths = new ArrayList<>();
    for (int vertebra = -3; vertebra <= 14; vertebra++) {
      double y = height(vertebra + 0.35) * size;
      double x = course.at(y);
      for (int side = -1; side <= 1; side += 2) {
        double px = geometry.x(x + side * 1.05 * size, -6);
        double py = geometry.y(y - 0.15, -6);
        paths.add(new Path().add(px, py - 0.25, 0.3, 0.9).add(px, py + 0.25, 0.3, 0.9));
      }
      double sx = geometry.x(x, -8);
      double sy = geometry.y(y + 0.8, -8);
      paths.add(new Path().add(sx, sy - 0.35, 0.22, 1.1).add(sx, sy + 0.45, 0.3, 1.1));
    }
    return paths;
  }

  static List<Path> ribs(PhantomPatient patient, Chest chest, Geometry geometry) {
    var random = patient.random("ribs");
    Curve course = spineCourse(patient);
    double size = chest.size();
    double slant = 1 + 0.10 * random.nextGaussian() + 0.25 * (0.5 - patient.inspiration());
    double thick = 1 + 0.1 * random.nextGaussian();
    double spread = 1 + 0.03 * random.nextGaussian();
    List<Path> paths = new ArrayList<>();
    for (int rib = 1; rib <= RIBS; rib++) {
      double start = height(rib + 0.15) * size * spread;
      if (rib == 1) {
        // The first rib rims the top of the lung.
        start = Math.max(start, chest.apex() + 0.1);
      }
      for (int side = -1; side <= 1; side += 2) {
        double jitter = 0.18 * random.nextGaussian();
        // The fall from the spine to the breastbone grows from the first rib to the eighth.
        double fall = slant * size * (3.2 + 1.1 * Math.min(7, rib - 1)) + jitter;
        double level = start + 0.45 * fall;
        double wall = chest.wall(level) + 0.2;
        double outer = rib == 1 ? 5.9 * size : rib == 2 ? 0.93 * wall : wall;
        double from = Math.asin(Math.pow(1.7 / outer, 1 / BULGE));
        // The lower ribs do not reach the breastbone.
        double to =
            rib <= 7
                ? Math.PI - Math.asin(Math.min(0.9, (3.6 + 0.55 * rib) / outer))
                : Math.PI * (0.72 - 0.05 * (rib - 8));
        paths.add(
            rib(
                geometry,
                chest,
                side,
                course.at(start),
                start + jitter,
                outer,
                fall,
                from,
                to,
                thick * size * (rib == 1 ? 0.46 : 0.58),
                // The lower ribs fall from the spine on.
                Math.min(1, Math.max(0.15, 0.2 * (rib - 5)))));
      }
    }
    return paths;
  }

  private static Path rib(
      Geometry geometry,
      Chest chest,
      int side,
      double spineX,
      double start,
      double outer,
      double fall,
      double from,
      double to,
      double halfWidth,
      double steady) {
    Path path = new Path();
    double depth = chest.halfDepth(start + 0.4 * fall) + 0.4;
    double bow = 0.16 * fall;
    double px = 0;
    double py = 0;
    double pz = 0;
    for (int i = 0; i <= PIECES; i++) {
      double angle = from + (to - from) * i / PIECES;
      double sine = Math.sin(angle);
      double x = side * outer * Math.pow(sine, BULGE) + (1 - sine) * spineX;
      double z = -depth * Math.cos(angle);
      double sunk = 0.5 * (1 - Math.cos(angle));
      double evenly = steady * angle / Math.PI + (1 - steady) * (0.75 * sunk + 0.25 * sunk * sunk);
      double y = start + fall * evenly - (1 - steady) * bow * Math.sin(2 * angle);
      double oblique = 1;
      double flat = 1;
      if (i > 0) {
        double dz = z - pz;
        double across = Math.hypot(x - px, y - py);
        oblique = Math.min(2.4, Math.hypot(across, dz) / Math.max(1e-6, across));
        // A rib is a flat band along the wall: at the side the ray looks along its flat.
        double steep = (y - py) / Math.max(1e-6, across);
        double edge = Math.max(0, Math.min(1, steep)) * sine * sine;
        flat = 1 - (1 - FLATNESS) * edge;
      }
      px = x;
      py = y;
      pz = z;
      // Its front end turns into cartilage, which does not show.
      double taper = Math.min(1, 0.12 + 1.5 * (to - angle) / (to - 0.5 * Math.PI + 0.1));
      path.add(
          geometry.x(x, z),
          geometry.y(y, z),
          halfWidth * flat * geometry.magnification(z),
          FLATNESS * oblique * taper / (flat * flat));
    }
    return path;
  }

  /** Collar bones, shoulder blades and upper arm bones. */
  static List<Path> shoulders(PhantomPatient patient, Chest chest, Geometry geometry) {
    var random = patient.random("shoulder bones");
    double size = chest.size();
    double tilt = (patient.antero() ? -0.6 : 0.6) + 0.8 * random.nextGaussian();
    List<Path> paths = new ArrayList<>();
    for (int side = -1; side <= 1; side += 2) {
      double jitter = 0.4 * random.nextGaussian();
      double inner = (-8.9 - 0.4 * tilt) * size + jitter;
      double tip = (-12.3 + 0.25 * tilt) * size + jitter;
      Curve line =
          new Curve(
              1.6, inner, 4, inner - 0.7, 9, 0.5 * (inner + tip) - 1.2, 13, tip - 0.5, 16.6, tip);
      Path clavicle = new Path();
      for (double x = 1.6; x <= 16.6; x += 1) {
        double z = 7 - 0.45 * x;
        double width = 0.6 + 0.2 * Math.pow(Math.abs(x - 9) / 7.5, 2);
        clavicle.add(geometry.x(side * x * size, z), geometry.y(line.at(x), z), width * size, 0.95);
      }
      paths.add(clavicle);
      paths.addAll(scapula(patient, chest, geometry, side, random.nextGaussian()));
      paths.addAll(humerus(patient, chest, geometry, side));
    }
    return paths;
  }

  private static List<Path> scapula(
      PhantomPatient patient, Chest chest, Geometry geometry, int side, double jitter) {
    double size = chest.size();
    double z = -7;
    // Arms held forward (PA) turn the blades away from the lungs.
    double out = (patient.antero() ? 9.2 : 11.2) + 0.5 * jitter + 2.0 * patient.armAngle();
    double[][] border = {{out + 0.6, -11.2}, {out - 0.4, -7}, {out + 0.3, -3}, {out + 2.4, 2.2}};
    Path medial = new Path();
    for (double[] point : border) {
      medial.add(geometry.x(side * point[0] * size, z), geometry.y(point[1] * size, z), 0.3, 0.3);
    }
    Path lateral = new Path();
    double[][] outer = {{out + 2.4, 2.2}, {out + 3.6, -1.5}, {16.2, -6.5}, {16.6, -8.2}};
    for (double[] point : outer) {
      lateral.add(geometry.x(side * point[0] * size, z), geometry.y(point[1] * size, z), 0.45, 0.5);
    }
    Path ridge = new Path();
    double[][] spine = {{out + 0.3, -8.6}, {14, -10.8}, {17.4, -12.2}, {18.2, -11.4}};
    for (double[] point : spine) {
      ridge.add(geometry.x(side * point[0] * size, z), geometry.y(point[1] * size, z), 0.55, 0.6);
    }
    Path coracoid =
        new Path()
            .add(geometry.x(side * 15.6 * size, 0), -10.2 * size, 0.6, 0.8)
            .add(geometry.x(side * 14.2 * size, 2), -10.0 * size, 0.55, 0.8);
    Path blade = new Path();
    blade.add(geometry.x(side * (out + 2.2) * size, z), -8.4 * size, 2.6, 0.1);
    blade.add(geometry.x(side * (out + 2.2) * size, z), -2 * size, 1.7, 0.1);
    return List.of(medial, lateral, ridge, coracoid, blade);
  }

  private static List<Path> humerus(
      PhantomPatient patient, Chest chest, Geometry geometry, int side) {
    double size = chest.size();
    double angle = Trunk.armAngle(patient, side);
    double x = side * 18.3 * size;
    double y = -9.2 * size;
    Path shaft = new Path();
    for (double along = 0.5; along <= 36; along += 4) {
      double width = along < 5 ? 1.9 - 0.16 * along : 1.12;
      shaft.add(
          geometry.x(x + side * along * Math.sin(angle), 0),
          y + along * Math.cos(angle),
          width * size,
          0.5);
    }
    Path head =
        new Path()
            .add(geometry.x(x - side * 0.5, 0), y - 0.3, 2.2 * size, 0.2)
            .add(geometry.x(x - side * 0.3, 0), y + 0.3, 2.2 * size, 0.2);
    return List.of(shaft, head);
  }
}
