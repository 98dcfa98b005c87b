package org.xrv.core.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xrv.core.random.KeyedRandom;

/** Affine changes against torch's grid_sample, against matrices written out, and by symmetry. */
class AffineTest {
  /** Pixels 1, 2, 3 ...: each tells where it came from; 0 is outside. */
  private static GrayImage numbered(int height, int width) {
    float[] pixels = new float[height * width];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = i + 1;
    }
    return new GrayImage(height, width, pixels);
  }

  // From torchvision's formulas (_get_inverse_affine_matrix, _gen_affine_grid, grid_sample) in
  // PyTorch, float32.
  @ParameterizedTest
  @CsvSource({
    "6, 6, 30, 1, -2, 1.1,"
        + "25 19 20 15 16 10 25 26 27 21 22 17 31 32 27 28 23 23 0 0 33 34 29 30"
        + " 0 0 0 35 35 36 0 0 0 0 0 0",
    "5, 8, -37.5, 0, 1, 0.87,"
        + "0 0 0 0 7 8 0 0 0 0 0 5 14 15 24 0 0 0 4 13 14 23 31 40"
        + " 1 2 11 20 21 30 39 40 1 10 18 27 28 37 0 0",
    "7, 7, 12, -1, 0, 1.15,"
        + "9 10 3 4 5 6 7 16 10 11 11 12 13 14 23 17 18 19 20 20 14 23 24 25 26 27 21 21"
        + " 30 31 32 33 27 28 0 38 39 39 40 34 35 0 45 46 47 40 41 42 0"
  })
  void shouldEqualTorch(
      int height, int width, double angle, double right, double down, double scale, String pixels) {
    String[] words = pixels.split(" ", -1);
    float[] expected = new float[words.length];
    for (int i = 0; i < words.length; i++) {
      expected[i] = Float.parseFloat(words[i]);
    }
    float[] actual = new Affine(angle, right, down, scale).apply(numbered(height, width)).pixels();
    assertArrayEquals(expected, actual, Arrays.toString(actual));
  }

  // As above, and torchvision's fill: img * mask + (1 - mask) * fill.
  @ParameterizedTest
  @CsvSource({
    "6, 6, 30, 1, -2, 1.1, 0,"
        + "6.2013 20.7608 18.8208 16.8808 14.9408 13.0009 26.3522 25.9391 23.9991 22.0591 20.1192"
        + " 18.1792 16.6622 31.1174 29.1774 27.2375 25.2975 23.3575 0.0000 5.1073 24.1683 32.4158"
        + " 30.4758 28.5358 0.0000 0.0000 0.1331 9.2811 33.5072 17.7310 0.0000 0.0000 0.0000 0.0000"
        + " 1.2226 1.1003",
    "5, 8, -37.5, 0, 1, 0.87, -7,"
        + "-7.0000 -7.0000 -7.0000 -7.0000 -0.0397 10.4781 -5.9164 -7.0000 -7.0000 -7.0000 -6.0411"
        + " 2.5013 10.5639 17.0736 14.5131 -7.0000 -7.0000 -4.2934 4.1400 10.6497 17.1594 23.6691"
        + " 30.1788 10.7056 -2.7461 4.2257 10.7354 17.2451 23.7549 30.2646 36.7743 8.9054 -0.9976"
        + " 10.8212 17.3309 23.8406 30.3503 36.8600 -0.2579 -7.0000",
  })
  void shouldInterpolateAndFillAsTorchvisionDoes(
      int height,
      int width,
      double angle,
      double right,
      double down,
      double scale,
      float fill,
      String pixels) {
    GrayImage actual =
        new Affine(angle, right, down, scale)
            .apply(numbered(height, width), Interpolation.BILINEAR, fill);
    String[] words = pixels.split(" ", -1);
    assertEquals(words.length, actual.pixels().length);
    for (int i = 0; i < words.length; i++) {
      assertEquals(Float.parseFloat(words[i]), actual.pixels()[i], 5e-4, "pixel " + i);
    }
  }

  @Test
  void shouldFillWithWhatIsAsked() {
    GrayImage shifted = new Affine(0, 2, 0, 1).apply(numbered(3, 3), Interpolation.NEAREST, -1024);
    assertArrayEquals(
        new float[] {-1024, -1024, 1, -1024, -1024, 4, -1024, -1024, 7}, shifted.pixels());
  }

  @Test
  void shouldEqualThePlainFormula() {
    KeyedRandom random = KeyedRandom.of(1, "affine");
    for (int trial = 0; trial < 50; trial++) {
      int height = 5 + random.nextInt(40);
      int width = 5 + random.nextInt(40);
      GrayImage image = numbered(height, width);
      Affine affine =
          new Affine(
              random.nextDouble(-180, 180),
              random.nextInt(9) - 4,
              random.nextInt(9) - 4,
              random.nextDouble(0.5, 2));
      GrayImage actual = affine.apply(image);
      for (int row = 0; row < height; row++) {
        for (int column = 0; column < width; column++) {
          assertEquals(
              plain(image, affine, row, column), actual.at(row, column), affine + " " + row);
        }
      }
    }
  }

  /**
   * Forward: about the centre, scale, then turn, then shift. Solves that for the input position in
   * grid_sample's coordinates, in which the image reaches from -1 to 1.
   */
  private static float plain(GrayImage image, Affine affine, int row, int column) {
    double h = image.height();
    double w = image.width();
    double radians = affine.angle() * Math.PI / 180;
    double a = affine.scale() * Math.cos(radians);
    double b = -affine.scale() * Math.sin(radians);
    double c = -b;
    double x = column + 0.5 - w / 2 - affine.right();
    double y = row + 0.5 - h / 2 - affine.down();
    double determinant = a * a - b * c;
    double gridX = (a * x - b * y) / determinant / (w / 2);
    double gridY = (-c * x + a * y) / determinant / (h / 2);
    double fromX = ((gridX + 1) * w - 1) / 2;
    double fromY = ((gridY + 1) * h - 1) / 2;
    long nearX = (long) Math.floor(fromX + 0.5);
    long nearY = (long) Math.floor(fromY + 0.5);
    return nearX < 0 || nearX >= w || nearY < 0 || nearY >= h
        ? 0
        : image.at((int) nearY, (int) nearX);
  }

  @ParameterizedTest
  @CsvSource({"6", "7", "224"})
  void shouldTurnClockwiseByNinetyDegreesExactly(int side) {
    GrayImage image = numbered(side, side);
    GrayImage turned = new Affine(90, 0, 0, 1).apply(image);
    for (int row = 0; row < side; row++) {
      for (int column = 0; column < side; column++) {
        assertEquals(image.at(side - 1 - column, row), turned.at(row, column));
      }
    }
    Affine quarter = new Affine(-90, 0, 0, 1);
    assertArrayEquals(image.pixels(), quarter.apply(turned).pixels());
    assertArrayEquals(
        new Affine(180, 0, 0, 1).apply(image).pixels(),
        new Affine(90, 0, 0, 1).apply(turned).pixels());
  }

  @ParameterizedTest
  @CsvSource({"0, 3", "2, 0", "-4, 1", "5, -2", "30, 0"})
  void shouldShiftExactlyAndFillWithZero(int right, int down) {
    GrayImage image = numbered(9, 12);
    GrayImage shifted = new Affine(0, right, down, 1).apply(image);
    for (int row = 0; row < 9; row++) {
      for (int column = 0; column < 12; column++) {
        int y = row - down;
        int x = column - right;
        float expected = y < 0 || y >= 9 || x < 0 || x >= 12 ? 0 : image.at(y, x);
        assertEquals(expected, shifted.at(row, column));
      }
    }
  }

  @Test
  void shouldMagnifyAboutTheCentre() {
    GrayImage image = numbered(9, 9);
    GrayImage large = new Affine(0, 0, 0, 3).apply(image);
    for (int row = 0; row < 9; row++) {
      for (int column = 0; column < 9; column++) {
        assertEquals(image.at(3 + row / 3, 3 + column / 3), large.at(row, column));
      }
    }
  }

  @Test
  void shouldReturnTheSameImageWhenNothingIsToBeDone() {
    GrayImage image = numbered(3, 4);
    assertSame(image, new Affine(0, 0, 0, 1).apply(image));
  }

  @Test
  void shouldRefuseWhatIsNoTransformation() {
    assertThrows(IllegalArgumentException.class, () -> new Affine(0, 0, 0, 0));
    assertThrows(IllegalArgumentException.class, () -> new Affine(Double.NaN, 0, 0, 1));
  }
}
