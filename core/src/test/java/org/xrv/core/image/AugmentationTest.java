package org.xrv.core.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.xrv.core.random.KeyedRandom;

class AugmentationTest {
  private static GrayImage image() {
    float[] pixels = new float[64 * 64];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = i - 2000;
    }
    return new GrayImage(64, 64, pixels);
  }

  @Test
  void shouldDrawWholePixelsWithinItsRangesAndReachTheirEnds() {
    double[] low = {999, 999, 999, 999};
    double[] high = {-999, -999, -999, -999};
    KeyedRandom random = KeyedRandom.of(3);
    for (int i = 0; i < 5000; i++) {
      Affine a = Augmentation.PAPER.draw(224, 100, random);
      double[] drawn = {a.angle(), a.right(), a.down(), a.scale()};
      for (int k = 0; k < 4; k++) {
        low[k] = Math.min(low[k], drawn[k]);
        high[k] = Math.max(high[k], drawn[k]);
      }
      assertEquals(Math.rint(a.right()), a.right());
      assertEquals(Math.rint(a.down()), a.down());
    }
    assertTrue(low[0] >= -45 && low[0] < -44.5 && high[0] <= 45 && high[0] > 44.5);
    // 15 % of 100 columns and of 224 rows.
    assertArrayEquals(new double[] {-15, -34}, new double[] {low[1], low[2]});
    assertArrayEquals(new double[] {15, 34}, new double[] {high[1], high[2]});
    assertTrue(low[3] >= 0.85 && low[3] < 0.853 && high[3] <= 1.15 && high[3] > 1.147);
  }

  @Test
  void shouldDependOnTheKeyOnly() {
    float[] first = Augmentation.PAPER.apply(image(), KeyedRandom.of(1, "a.png")).pixels();
    float[] again = Augmentation.PAPER.apply(image(), KeyedRandom.of(1, "a.png")).pixels();
    float[] other = Augmentation.PAPER.apply(image(), KeyedRandom.of(1, "b.png")).pixels();
    assertArrayEquals(first, again);
    assertFalse(Arrays.equals(first, other));
  }

  @Test
  void shouldMakeUpNoPixel() {
    GrayImage image = image();
    for (float p : Augmentation.PAPER.apply(image, KeyedRandom.of(5)).pixels()) {
      assertTrue(p == 0 || (p >= -2000 && p < 64 * 64 - 2000 && p == Math.rint(p)));
    }
  }

  @Test
  void shouldLeaveTheImageAloneWhenItDoesNothing() {
    GrayImage image = image();
    assertSame(image, Augmentation.NONE.apply(image, KeyedRandom.of(1)));
  }

  @Test
  void shouldChangeAMaskExactlyAsItsImage() {
    // The mask marks the pixels whose value is above a threshold: it must do so afterwards too.
    GrayImage image = image();
    float[] marked = new float[64 * 64];
    for (int i = 0; i < marked.length; i++) {
      marked[i] = image.pixels()[i] > 500 ? 1 : 0;
    }
    GrayImage mask = new GrayImage(64, 64, marked);
    Augmentation flips =
        new Augmentation(45, 0.15, 0.85, 1.15, 0.5, 0.5, Interpolation.NEAREST, -1024);
    int mirrored = 0;
    int upsideDown = 0;
    for (int i = 0; i < 200; i++) {
      Change change = flips.change(64, 64, KeyedRandom.of(i));
      mirrored += change.mirrored() ? 1 : 0;
      upsideDown += change.upsideDown() ? 1 : 0;
      float[] changed = change.image(image).pixels();
      float[] changedMask = change.mask(mask).pixels();
      for (int p = 0; p < changed.length; p++) {
        assertEquals(changed[p] > 500 ? 1 : 0, changedMask[p]);
      }
      assertArrayEquals(changed, flips.apply(image, KeyedRandom.of(i)).pixels());
    }
    assertTrue(mirrored > 60 && mirrored < 140 && upsideDown > 60 && upsideDown < 140);
  }

  @Test
  void shouldFlipOnlyWhenAsked() {
    GrayImage image = image();
    for (int i = 0; i < 100; i++) {
      Change change = Augmentation.PAPER.change(64, 64, KeyedRandom.of(i));
      assertFalse(change.mirrored() || change.upsideDown());
    }
    Augmentation mirror = new Augmentation(0, 0, 1, 1, 1, 0, Interpolation.NEAREST, 0);
    assertFalse(mirror.none());
    GrayImage mirrored = mirror.apply(image, KeyedRandom.of(1));
    assertEquals(image.at(5, 63), mirrored.at(5, 0));
    assertEquals(image.at(5, 3), mirrored.at(5, 60));
    assertArrayEquals(image.pixels(), mirror.apply(mirrored, KeyedRandom.of(1)).pixels());
    GrayImage turned =
        new Augmentation(0, 0, 1, 1, 1, 1, Interpolation.NEAREST, 0)
            .apply(image, KeyedRandom.of(1));
    assertEquals(image.at(63, 0), turned.at(0, 63));
  }

  @Test
  void shouldRefuseWhatCannotBe() {
    assertThrows(
        IllegalArgumentException.class,
        () -> new Augmentation(0, 0, 1, 1, 1.5, 0, Interpolation.NEAREST, 0));
    assertThrows(
        IllegalArgumentException.class,
        () -> new Augmentation(0, 0, 1, 1, 0, 0, Interpolation.NEAREST, 2000));
    assertThrows(IllegalArgumentException.class, () -> new Augmentation(-1, 0, 1, 1));
    assertThrows(IllegalArgumentException.class, () -> new Augmentation(0, 1, 1, 1));
    assertThrows(IllegalArgumentException.class, () -> new Augmentation(0, 0, 1.2, 1));
    assertThrows(IllegalArgumentException.class, () -> new Augmentation(0, 0, 0, 1));
  }
}
