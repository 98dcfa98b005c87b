package org.xrv.core.dataset.phantom;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.xrv.core.random.KeyedRandom;

/** Every closed form against the plain way: walk along the ray and count the steps inside. */
class ChordLengthTest {
  private static final double STEP = 0.004;

  private interface Inside {
    boolean test(double x, double y, double z);
  }

  private static double walk(Inside inside, double x, double y) {
    int steps = 0;
    for (double z = -40; z < 40; z += STEP) {
      if (inside.test(x, y, z)) {
        steps++;
      }
    }
    return steps * STEP;
  }

  private static void compare(Solid solid, Inside inside, KeyedRandom random, double range) {
    Rays rays = new Rays(40);
    for (int i = 0; i < rays.count(); i++) {
      rays.x[i] = (float) random.nextDouble(-range, range);
      rays.y[i] = (float) random.nextDouble(-range, range);
    }
    Rays sorted = rays;
    // A row of rays spans the heights between its first and last ray.
    float low = Float.MAX_VALUE;
    float high = -Float.MAX_VALUE;
    for (float y : sorted.y) {
      low = Math.min(low, y);
      high = Math.max(high, y);
    }
    sorted.y[0] = low;
    sorted.y[sorted.count() - 1] = high;
    Spans spans = new Spans(rays.count());
    solid.trace(rays, spans);
    int hits = 0;
    for (int i = 0; i < rays.count(); i++) {
      double expected = Math.min(80, walk(inside, rays.x[i], rays.y[i]));
      double actual = Math.min(40, spans.far[i]) - Math.max(-40, spans.near[i]);
      assertEquals(expected, actual, 0.02, "ray " + i);
      hits += expected > 0 ? 1 : 0;
    }
    assertTrue(hits > 3, "too few rays met the solid");
  }

  @Test
  void shouldMatchWalkedRayInEllipsoids() {
    KeyedRandom random = KeyedRandom.of(3, "ellipsoids");
    for (int i = 0; i < 5; i++) {
      Ellipsoid e =
          new Ellipsoid(
              random.nextDouble(-1, 1),
              random.nextDouble(-1, 1),
              random.nextDouble(-5, 5),
              random.nextDouble(2, 6),
              random.nextDouble(2, 6),
              random.nextDouble(1, 9),
              random.nextDouble(-2, 2));
      compare(
          e,
          (x, y, z) -> {
            double u = (x - e.x()) * Math.cos(e.angle()) + (y - e.y()) * Math.sin(e.angle());
            double v = -(x - e.x()) * Math.sin(e.angle()) + (y - e.y()) * Math.cos(e.angle());
            double w = z - e.z();
            return sq(u / e.a()) + sq(v / e.b()) + sq(w / e.c()) < 1;
          },
          random,
          5);
    }
  }

  @Test
  void shouldMatchWalkedRayInColumns() {
    KeyedRandom random = KeyedRandom.of(4, "columns");
    double k = 0.4;
    Column column =
        new Column(
            k,
            (y, slice) -> {
              slice[0] = 0.2 * y;
              slice[1] = 4 + 0.1 * y;
              slice[2] = 1 - 0.3 * y;
              slice[3] = 6 + 0.2 * y;
            });
    compare(
        column,
        (x, y, z) -> {
          double u = sq((x - 0.2 * y) / (4 + 0.1 * y));
          double w = (z - 1 + 0.3 * y) / (6 + 0.2 * y);
          return u * (k + (1 - k) * u) + w * w < 1;
        },
        random,
        6);
  }

  @Test
  void shouldMatchWalkedRayInDomes() {
    Dome dome = new Dome(0.5, -2, 1, 0.05, 0.09, 0.06);
    compare(
        dome,
        (x, y, z) -> y > -2 + (x < 0.5 ? 0.05 : 0.09) * sq(x - 0.5) + 0.06 * sq(z - 1),
        KeyedRandom.of(5, "dome"),
        6);
  }

  @Test
  void shouldLeaveToTheLungWhatNoObstacleTakes() {
    PhantomPatient patient = PhantomPatient.of(11, 4);
    Scene scene = new Scene(patient, java.util.Set.of());
    Frame frame = Frame.of(patient, 48);
    Rays rays = new Rays(48);
    Spans air = new Spans(48);
    int aired = 0;
    for (int row = 4; row < 48; row += 5) {
      rays.moveTo(frame, row);
      for (int lung = 0; lung < 2; lung++) {
        float[] lengths = new float[48];
        new LungTracer(scene, lung, 48).addAir(rays, lengths);
        scene.lungs[lung].trace(rays, air);
        Spans[] cuts = new Spans[scene.obstacles(lung).size()];
        for (int i = 0; i < cuts.length; i++) {
          cuts[i] = new Spans(48);
          scene.obstacles(lung).get(i).trace(rays, cuts[i]);
        }
        for (int ray = 0; ray < 48; ray += 3) {
          int at = ray;
          double expected =
              walk(
                  (x, y, z) -> {
                    boolean inside = z > air.near[at] && z < air.far[at];
                    for (Spans cut : cuts) {
                      inside &= !(z > cut.near[at] && z < cut.far[at]);
                    }
                    return inside;
                  },
                  0,
                  0);
          assertEquals(expected, lengths[ray], 0.05, "row " + row + " ray " + ray);
          aired += expected > 1 ? 1 : 0;
        }
      }
    }
    assertTrue(aired > 20);
  }

  @Test
  void shouldAverageTubeProfilesOverThePixel() {
    KeyedRandom random = KeyedRandom.of(6, "profiles");
    for (Profile profile : Profile.values()) {
      for (int i = 0; i < 200; i++) {
        double u = random.nextDouble(-1.5, 1.5);
        double d = random.nextDouble(0.02, 3);
        double sum = 0;
        int parts = 4000;
        for (int j = 0; j < parts; j++) {
          sum += profile.at(u - d + 2 * d * (j + 0.5) / parts);
        }
        assertEquals(sum / parts, profile.mean((float) u, (float) d), 0.01, profile + " at " + u);
      }
    }
  }

  @Test
  void shouldDrawTubeWithTheAreaOfItsCrossSection() {
    // A tube of radius r has pi r^2 of thickness across, whatever the pixel's size.
    for (int resolution : new int[] {16, 48, 160}) {
      Frame frame = new Frame(resolution, 0, 0, 32.0 / resolution, 0);
      float[] picture = new float[resolution * resolution];
      Path path = new Path().add(0.3, -30, 0.8).add(0.3, 30, 0.8);
      new PathCanvas(frame, 0).draw(path, Profile.TUBE, picture, PathCanvas.ADD);
      double sum = 0;
      for (int x = 0; x < resolution; x++) {
        sum += picture[(resolution / 2) * resolution + x] * frame.pixel();
      }
      assertEquals(Math.PI * 0.64, sum, 0.02 * sum);
    }
  }

  private static double sq(double v) {
    return v * v;
  }
}
