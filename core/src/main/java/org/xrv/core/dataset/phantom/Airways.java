package org.xrv.core.dataset.phantom;

import java.util.List;

/** Air outside the lungs: windpipe, main bronchi, stomach bubble and bowel. */
final class Airways {
  private Airways() {}

  static List<Path> windpipe(PhantomPatient patient, Chest chest, Geometry geometry) {
    var random = patient.random("windpipe");
    double size = chest.size();
    double shift = -0.4 + 0.3 * random.nextGaussian();
    double fork = -4.6 * size + 0.4 * random.nextGaussian();
    double radius = (patient.female() ? 0.85 : 1.0) * size;
    Path trachea = new Path();
    for (double t = 0; t <= 1; t += 0.125) {
      double y = -30 + t * (fork + 30);
      double z = 1.0 - 2.5 * t;
      trachea.add(geometry.x(shift * t * t, z), geometry.y(y, z), radius * (t < 0.2 ? 0.8 : 1));
    }
    double x = shift;
    Path right = new Path();
    Path left = new Path();
    for (double t = 0; t <= 1; t += 0.25) {
      right.add(
          geometry.x(x - 3.0 * size * t, -2),
          geometry.y(fork + 2.6 * size * t, -2),
          0.72 * size * (1 - 0.3 * t),
          0.8);
      left.add(
          geometry.x(x + 4.0 * size * t, -2),
          geometry.y(fork + 2.7 * size * t, -2),
          0.62 * size * (1 - 0.3 * t),
          0.8);
    }
    return List.of(trachea, right, left);
  }

  static List<Solid> bubbles(PhantomPatient patient, Chest chest, Geometry geometry) {
    var random = patient.random("stomach");
    double size = chest.size();
    List<Solid> bubbles = new java.util.ArrayList<>();
    boolean stomach = random.nextDouble() < 0.65;
    double big = Math.exp(0.35 * random.nextGaussian());
    double x = (5.5 + 1.2 * random.nextGaussian()) * size;
    double tilt = 0.4 * random.nextGaussian();
    if (stomach) {
      double b = 1.7 * size * big;
      Ellipsoid gas =
          new Ellipsoid(x, chest.leftDome() + 0.7 + b, 2, 2.6 * size * big, b, 2.6 * big, tilt)
              .seen(geometry);
      // Who stands has a level of fluid under the gas.
      bubbles.add(
          patient.antero() ? gas : new Above(gas, gas.y() + b * random.nextDouble(-0.2, 0.6)));
    }
    int loops = random.nextInt(4);
    for (int i = 0; i < loops; i++) {
      double across = random.nextDouble(-2, 10) * size;
      double down = chest.leftDome() + random.nextDouble(4.5, 11) * size;
      bubbles.add(
          new Ellipsoid(
                  across,
                  down,
                  3,
                  random.nextDouble(0.8, 2.2),
                  random.nextDouble(0.6, 1.3),
                  random.nextDouble(0.6, 1.6),
                  random.nextDouble(-1, 1))
              .seen(geometry));
    }
    return bubbles;
  }
}
