package org.xrv.core.image.png;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xrv.core.random.KeyedRandom;

/** The decoder against files whose pixels are known, and against ImageIO's. */
class PngTest {
  private static final KeyedRandom RANDOM = KeyedRandom.of(1, "png");

  @ParameterizedTest
  @CsvSource({"8,0", "16,0", "8,2", "16,2", "8,4", "16,4", "8,6", "16,6"})
  void shouldReadTheFirstChannelUnderEveryFilter(int depth, int colour) throws IOException {
    PngBytes png = new PngBytes(37, 29, depth, colour);
    for (int[] filters :
        new int[][] {{0}, {1}, {2}, {3}, {4}, {4, 4, 3, 1, 2, 0, 4}, {3, 4, 4, 3, 3, 1, 4, 3}}) {
      byte[][] rows = png.rows(RANDOM);
      byte[] file = png.file(rows, 6, filters);
      assertTrue(Png.reads(file));
      PngImage image = Png.read(file);
      assertEquals(depth == 8 ? 255 : 65535, image.maxValue());
      Raster theirs = ImageIO.read(new ByteArrayInputStream(file)).getRaster();
      int step = rows[0].length / 37;
      for (int i = 0; i < 37 * 29; i++) {
        byte[] row = rows[i / 37];
        int at = i % 37 * step;
        int expected = depth == 8 ? row[at] & 0xff : (row[at] & 0xff) << 8 | (row[at + 1] & 0xff);
        String where = "filter " + Arrays.toString(filters) + " at " + i;
        assertEquals(expected, image.samples()[i], where);
        assertEquals(theirs.getSample(i % 37, i / 37, 0), image.samples()[i], where);
      }
    }
  }

  @Test
  void shouldReadAnImageOfOnePixelAndOneOfOneColumn() throws PngException {
    for (int height : new int[] {1, 50}) {
      PngBytes png = new PngBytes(1, height, 8, 0);
      byte[][] rows = png.rows(RANDOM);
      int[] samples = Png.read(png.file(rows, 9, 4, 3)).samples();
      for (int i = 0; i < height; i++) {
        assertEquals(rows[i][0] & 0xff, samples[i]);
      }
    }
  }

  @Test
  void shouldLeaveOtherKindsToImageIo() {
    byte[] file = new PngBytes(3, 3, 8, 0).file(new byte[3][3], 6, 0);
    assertFalse(Png.reads(new byte[0]));
    assertFalse(Png.reads(Arrays.copyOf(file, 20)));
    for (int[] change : new int[][] {{24, 1}, {25, 3}, {28, 1}, {0, 0}}) {
      byte[] other = file.clone();
      other[change[0]] = (byte) change[1];
      assertFalse(Png.reads(other), "byte " + change[0]);
    }
  }

  @Test
  void shouldTellOfEveryTruncation() {
    PngBytes png = new PngBytes(40, 40, 8, 0);
    byte[] file = png.file(png.rows(RANDOM), 6, 4, 1);
    // What follows the data (IEND, 12 bytes) may be lost.
    for (int length = 33; length < file.length - 12; length++) {
      byte[] part = Arrays.copyOf(file, length);
      assertThrows(PngException.class, () -> Png.read(part), "cut at " + length);
    }
  }

  @Test
  void shouldTellOfEveryChangedByte() {
    PngBytes png = new PngBytes(20, 20, 16, 0);
    byte[] file = png.file(png.rows(RANDOM), 6, 4, 1);
    for (int at = 16; at < file.length - 12; at++) {
      if (at >= 33 && at < 33 + 15) {
        continue; // the text
      }
      byte[] changed = file.clone();
      changed[at] ^= 1;
      if (Png.reads(changed)) {
        assertThrows(PngException.class, () -> Png.read(changed), "byte " + at);
      }
    }
  }

  @Test
  void shouldRefuseSizesThatTheFileCannotHold() {
    byte[] file = new PngBytes(3, 3, 8, 0).file(new byte[3][3], 6, 0);
    for (int[] size : new int[][] {{60_000, 60_000}, {-1, 5}, {5000, 5000}, {0, 3}}) {
      byte[] header = ByteBuffer.allocate(13).putInt(size[0]).putInt(size[1]).array();
      header[8] = 8;
      byte[] changed = file.clone();
      System.arraycopy(PngBytes.chunk("IHDR", header), 0, changed, 8, 25);
      String message = assertThrows(PngException.class, () -> Png.read(changed)).getMessage();
      assertTrue(message.contains("pixels") || message.contains("truncated"), message);
    }
  }

  @Test
  void shouldRefuseAnUnknownFilter() {
    PngBytes png = new PngBytes(3, 3, 8, 0);
    byte[] file = png.file(png.rows(RANDOM), 6, 0, 5);
    String message = assertThrows(PngException.class, () -> Png.read(file)).getMessage();
    assertTrue(message.contains("row 1 has the unknown filter 5"), message);
  }
}
