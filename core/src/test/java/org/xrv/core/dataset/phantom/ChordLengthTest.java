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
  void shouldMatchWalkedRayInSoftColumns() {
    double k = 0.6;
    Column column =
        new Column(
            k,
            true,
            (y, slice) -> {
              slice[0] = 0.1 * y;
              slice[1] = 4;
              slice[2] = 1;
              slice[3] = 6;
            });
    compare(
        column,
        (x, y, z) -> {
          double u = sq((x - 0.1 * y) / 4);
          return u * (k + (1 - k) * u) + Math.abs(z - 1) / 6 < 1;
        },
        KeyedRandom.of(7, "soft column"),
        6);
  }

  @Test
  void shouldMatchWalkedRayInBowls() {
    Bowl bowl = new Bowl(-0.5, 3, 1, 0.05, 0.09, 0.06);
    compare(
        bowl,
        (x, y, z) -> y < 3 - (x < -0.5 ? 0.05 : 0.09) * sq(x + 0.5) - 0.06 * sq(z - 1),
        KeyedRandom.of(8, "bowl"),
        6);
  }

  @Test
  void shouldMatchWalkedRayInHaze() {
    // cm of tissue: the density walked along the ray.
    Ellipsoid shape = new Ellipsoid(0.4, -0.7, 1, 3, 2, 2.5, 0.6);
    Frame frame = new Frame(16, 0, 0, 0.6, 0.1);
    float[] picture = new float[16 * 16];
    new Haze().ball(shape, 0.7).addTo(picture, frame);
    int met = 0;
    for (int i = 0; i < picture.length; i++) {
      int row = i / 16;
      int column = i % 16;
      double x = frame.sceneX(column + 0.5, row + 0.5) - shape.x();
      double y = frame.sceneY(column + 0.5, row + 0.5) - shape.y();
      double u = (x * Math.cos(0.6) + y * Math.sin(0.6)) / 3;
      double v = (y * Math.cos(0.6) - x * Math.sin(0.6)) / 2;
      double sum = 0;
      for (double z = -3; z < 5; z += STEP) {
        sum += STEP * 0.7 * Math.max(0, 1 - u * u - v * v - sq((z - 1) / 2.5));
      }
      assertEquals(sum, picture[i], 0.01, "pixel " + i);
      met += sum > 0.1 ? 1 : 0;
    }
    assertTrue(met > 20, met + " pixels");
  }

  @Test
  void shouldShareTheSpaceOfTheLungBetweenLungFluidAndGas() {
    PhantomPatient patient = PhantomPatient.of(12, 3);
    Condition sick =
        new Condition(
            java.util.Map.of(
                Pathology.EFFUSION, 0.6, Pathology.PNEUMOTHORAX, 0.5, Pathology.MASS, 0.7),
            java.util.Set.of());
    Scene scene = new Scene(patient, sick);
    Frame frame = Frame.of(patient, 48);
    Rays rays = new Rays(48);
    int gassy = 0;
    int wet = 0;
    for (int row = 3; row < 48; row += 4) {
      rays.moveTo(frame, row);
      for (int lung = 0; lung < 2; lung++) {
        float[] air = new float[48];
        float[] gas = new float[48];
        new LungTracer(scene, lung, 48).addAir(rays, air, gas);
        Spans space = traced(scene.lungs[lung], rays);
        Spans dry = scene.aboveFluid[lung] == null ? null : traced(scene.aboveFluid[lung], rays);
        Spans outer = scene.collapsed[lung] == null ? null : traced(scene.collapsed[lung], rays);
        Spans inner = outer == null ? null : traced(scene.withinMembrane[lung], rays);
        java.util.List<Spans> cuts =
            scene.obstacles(lung).stream().map(solid -> traced(solid, rays)).toList();
        for (int ray = 0; ray < 48; ray += 3) {
          int at = ray;
          Inside open =
              (x, y, z) ->
                  in(space, at, z)
                      && (dry == null || in(dry, at, z))
                      && cuts.stream().noneMatch(cut -> in(cut, at, z));
          double expectedAir =
              walk((x, y, z) -> open.test(x, y, z) && (inner == null || in(inner, at, z)), 0, 0);
          double expectedGas =
              walk((x, y, z) -> open.test(x, y, z) && outer != null && !in(outer, at, z), 0, 0);
          assertEquals(expectedAir, air[ray], 0.05, "air of row " + row + " ray " + ray);
          assertEquals(expectedGas, gas[ray], 0.05, "gas of row " + row + " ray " + ray);
          gassy += expectedGas > 1 ? 1 : 0;
          wet += dry != null && in(space, at, -0.3) && !in(dry, at, -0.3) ? 1 : 0;
        }
      }
    }
    assertTrue(gassy > 3 && wet > 3, gassy + " rays in gas, " + wet + " in fluid");
  }

  private static Spans traced(Solid solid, Rays rays) {
    Spans spans = new Spans(rays.count());
    solid.trace(rays, spans);
    return spans;
  }

  private static boolean in(Spans spans, int ray, double z) {
    return z > spans.near[ray] && z < spans.far[ray];
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
    Scene scene = new Scene(patient, new Condition(java.util.Map.of(), java.util.Set.of()));
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
