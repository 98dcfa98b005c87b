package org.xrv.core.dataset.phantom;

import java.util.Arrays;

/** Which share of each pixel an organ covers, by 4 x 4 rays a pixel. */
final class Silhouette {
  private static final int RAYS = 4;

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
    float[] mask = new float[n * n];
    Rays rays = new Rays(fine);
    boolean[] row = new boolean[fine];
    Frame finer = Frame.of(scene.patient, fine);
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
