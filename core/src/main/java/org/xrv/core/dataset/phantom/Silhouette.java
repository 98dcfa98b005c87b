package org.xrv.core.dataset.phantom;

import java.util.Arrays;

/** Which share of each pixel an organ covers, by 4 x 4 rays a pixel. */
final class Silhouette {
  private static final int RAYS = 4;

  /** The least cm along a ray that count as the finding. */
  private static final float FLUID = 0.5f;

  private static final float GROWTH = 0.05f;
  private static final float GAS = 0.3f;
  private static final float HAZE = 0.3f;

  private Silhouette() {}

  static float[] of(Scene scene, Frame frame, String organ) {
    int n = frame.resolution();
    int fine = n * RAYS;
    RowTest test =
        switch (organ) {
          case "heart" -> covered(scene.heart, fine);
          case "right lung" -> aired(new LungTracer(scene, 0, fine), fine);
          case "left lung" -> aired(new LungTracer(scene, 1, fine), fine);
          case "lungs" -> {
            RowTest right = aired(new LungTracer(scene, 0, fine), fine);
            RowTest left = aired(new LungTracer(scene, 1, fine), fine);
            yield (rays, row) -> {
              right.mark(rays, row);
              left.mark(rays, row);
            };
          }
          default ->
              throw new IllegalArgumentException(
                  "no organ " + organ + "; there are heart, right lung, left lung, lungs");
        };
    return cover(scene.patient, frame, test);
  }

  private static float[] cover(PhantomPatient patient, Frame frame, RowTest test) {
    int n = frame.resolution();
    int fine = n * RAYS;
    float[] mask = new float[n * n];
    Rays rays = new Rays(fine);
    boolean[] row = new boolean[fine];
    Frame finer = Frame.of(patient, fine);
    for (int y = 0; y < fine; y++) {
      rays.moveTo(finer, y);
      Arrays.fill(row, false);
      test.mark(rays, row);
      for (int x = 0; x < fine; x++) {
        if (row[x]) {
          mask[(y / RAYS) * n + x / RAYS] += 1f / (RAYS * RAYS);
        }
      }
    }
    return mask;
  }

  /** Where a finding is, as {@link Pathology} describes its mask. */
  static float[] of(PhantomPatient patient, Condition condition, Pathology finding, Frame frame) {
    int fine = frame.resolution() * RAYS;
    Scene scene = new Scene(patient, condition);
    Obstacles centre = new Obstacles(scene.centre(), fine);
    return switch (finding) {
      case CARDIOMEGALY -> of(scene, frame, "heart");
      case EFFUSION -> missing(scene, condition.without(finding), frame, FLUID);
      case MASS, NODULE -> missing(scene, condition.without(finding), frame, GROWTH);
      case PNEUMOTHORAX -> {
        int lung = scene.collapsed[0] != null ? 0 : 1;
        LungTracer tracer = new LungTracer(scene, lung, centre, fine);
        float[] air = new float[fine];
        float[] gas = new float[fine];
        yield cover(
            patient,
            frame,
            (rays, row) -> {
              Arrays.fill(air, 0);
              Arrays.fill(gas, 0);
              tracer.addAir(rays, air, gas);
              for (int i = 0; i < row.length; i++) {
                row[i] |= gas[i] > GAS && air[i] == 0;
              }
            });
      }
      case LUNG_OPACITY -> hazy(scene, scene.opacity, frame, centre);
      case ATELECTASIS -> hazy(scene, scene.bands, frame, centre);
    };
  }

  /** Where lung is missing that would be there without the finding. */
  private static float[] missing(Scene with, Condition without, Frame frame, float least) {
    int fine = frame.resolution() * RAYS;
    Scene healthy = new Scene(with.patient, without);
    Obstacles centre = new Obstacles(with.centre(), fine);
    Obstacles before = new Obstacles(healthy.centre(), fine);
    float[] now = new float[fine];
    float[] then = new float[fine];
    LungTracer[] tracers = new LungTracer[4];
    for (int lung = 0; lung < 2; lung++) {
      tracers[lung] = new LungTracer(with, lung, centre, fine);
      tracers[2 + lung] = new LungTracer(healthy, lung, before, fine);
    }
    return cover(
        with.patient,
        frame,
        (rays, row) -> {
          Arrays.fill(now, 0);
          Arrays.fill(then, 0);
          for (int lung = 0; lung < 2; lung++) {
            // What takes the place of gas counts as well: fluid under a pneumothorax.
            tracers[lung].addAir(rays, now, now);
            tracers[2 + lung].addAir(rays, then, then);
          }
          for (int i = 0; i < row.length; i++) {
            row[i] |= then[i] - now[i] > least;
          }
        });
  }

  private static float[] hazy(Scene scene, Haze haze, Frame frame, Obstacles centre) {
    int fine = frame.resolution() * RAYS;
    float[] tissue = new float[fine * fine];
    haze.addTo(tissue, Frame.of(scene.patient, fine));
    float[] air = new float[fine];
    LungTracer[] lungs = {
      new LungTracer(scene, 0, centre, fine), new LungTracer(scene, 1, centre, fine)
    };
    int[] y = {0};
    return cover(
        scene.patient,
        frame,
        (rays, row) -> {
          Arrays.fill(air, 0);
          lungs[0].addAir(rays, air);
          lungs[1].addAir(rays, air);
          for (int i = 0; i < row.length; i++) {
            row[i] |= Math.min(tissue[y[0] * fine + i], air[i]) > HAZE;
          }
          y[0]++;
        });
  }

  private interface RowTest {
    void mark(Rays rays, boolean[] row);
  }

  private static RowTest covered(Solid solid, int count) {
    Spans spans = new Spans(count);
    return (rays, row) -> {
      if (solid.trace(rays, spans)) {
        for (int i = 0; i < row.length; i++) {
          row[i] |= spans.contains(i);
        }
      }
    };
  }

  private static RowTest aired(LungTracer tracer, int count) {
    float[] lengths = new float[count];
    return (rays, row) -> {
      Arrays.fill(lengths, 0);
      tracer.addAir(rays, lengths);
      for (int i = 0; i < row.length; i++) {
        // A centimetre of lung over the heart or the diaphragm does not show as lung.
        row[i] |= lengths[i] > 3;
      }
    };
  }
}
