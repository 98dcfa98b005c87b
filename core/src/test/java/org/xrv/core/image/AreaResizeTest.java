package org.xrv.core.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Averaging over areas, against the integral written down plainly. */
class AreaResizeTest {
  private static GrayImage noise(int n) {
    SplittableRandom random = new SplittableRandom(n);
    float[] pixels = new float[n * n];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) random.nextDouble(-1024, 1024);
    }
    return new GrayImage(n, n, pixels);
  }

  @ParameterizedTest
  @CsvSource({"64,16", "61,16", "40,23", "17,16", "100,99", "33,1"})
  void shouldAverageOverEachPixelsArea(int n, int size) {
    GrayImage in = noise(n);
    GrayImage out = AreaResize.resize(in, size);
    double side = (double) n / size;
    for (int row = 0; row < size; row++) {
      for (int column = 0; column < size; column++) {
        double sum = 0;
        for (int y = 0; y < n; y++) {
          for (int x = 0; x < n; x++) {
            sum +=
                overlap(y, row * side, (row + 1) * side)
                    * overlap(x, column * side, (column + 1) * side)
                    * in.at(y, x);
          }
        }
        assertEquals(sum / (side * side), out.at(row, column), 2e-4, row + ", " + column);
      }
    }
  }

  /** How much of the pixel from {@code at} to {@code at + 1} lies between two edges. */
  private static double overlap(int at, double from, double to) {
    return Math.max(0, Math.min(at + 1, to) - Math.max(at, from));
  }

  /** As OpenCV's source computes the two taps of linear interpolation in its area mode. */
  @ParameterizedTest
  @CsvSource({"9,20", "16,17", "7,64", "23,31"})
  void shouldInterpolateAsOpenCvDoesWhenEnlarging(int n, int size) {
    GrayImage in = noise(n);
    GrayImage out = AreaResize.resize(in, size);
    double inverse = (double) size / n;
    for (int row = 0; row < size; row++) {
      int sy = (int) Math.floor((double) row * n / size);
      double fy = row + 1 - (sy + 1) * inverse;
      fy = fy <= 0 || sy >= n - 1 ? 0 : fy - Math.floor(fy);
      for (int column = 0; column < size; column++) {
        int sx = (int) Math.floor((double) column * n / size);
        double fx = column + 1 - (sx + 1) * inverse;
        fx = fx <= 0 || sx >= n - 1 ? 0 : fx - Math.floor(fx);
        int below = Math.min(n - 1, sy + 1);
        int right = Math.min(n - 1, sx + 1);
        double expected =
            (1 - fy) * ((1 - fx) * in.at(sy, sx) + fx * in.at(sy, right))
                + fy * ((1 - fx) * in.at(below, sx) + fx * in.at(below, right));
        assertEquals(expected, out.at(row, column), 2e-4, row + ", " + column);
      }
    }
  }

  @Test
  void shouldKeepTheMeanAndConstants() {
    GrayImage in = noise(224);
    assertEquals(mean(in), mean(AreaResize.resize(in, 56)), 1e-3);
    assertEquals(mean(in), mean(AreaResize.resize(in, 99)), 1e-3);
    float[] flat = new float[50 * 50];
    Arrays.fill(flat, -1024);
    for (float p : AreaResize.resize(new GrayImage(50, 50, flat), 37).pixels()) {
      assertEquals(-1024, p, 1e-3, "no mid-grey from outside, unlike antialias");
    }
    assertSame(in, AreaResize.resize(in, 224));
    assertThrows(
        IllegalArgumentException.class,
        () -> AreaResize.resize(new GrayImage(1, 2, new float[2]), 1));
  }

  private static double mean(GrayImage image) {
    double sum = 0;
    for (float p : image.pixels()) {
      sum += p;
    }
    return sum / image.pixels().length;
  }

  @Test
  void shouldBeChosenByItsId() {
    assertEquals("xrv-center-crop-resize-1024", Preprocessing.ID);
    assertEquals(Optional.of(Resize.AREA), Resize.ofId("xrv-center-crop-area-1024"));
    assertEquals(Optional.empty(), Resize.ofId("other"));
    GrayImage in = noise(40);
    assertArrayEquals(AreaResize.resize(in, 16).pixels(), Resize.AREA.apply(in, 16).pixels());
    assertArrayEquals(
        Preprocessing.resize(in, 16).pixels(), Resize.ANTIALIAS.apply(in, 16).pixels());
  }
}
