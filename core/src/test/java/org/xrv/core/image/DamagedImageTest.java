package org.xrv.core.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xrv.core.fuzz.Sturdy;
import org.xrv.core.image.png.SmallPictures;

/** PNG and JPEG files that are cut off, or promise more than they hold. */
class DamagedImageTest {
  private static final int SIDE = 60_000;

  private static Optional<String> refusal(byte[] file) {
    return Sturdy.reads("x.png", () -> ImageFiles.read("x.png", file));
  }

  static Stream<String> kinds() {
    return SmallPictures.all().keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void shouldTellOfEveryCut(String kind) {
    byte[] whole = SmallPictures.all().get(kind);
    // Behind a PNG's pixels come the chunk IEND and before it a checksum that not all look at.
    int marks = kind.endsWith("PNG") ? 20 : 0;
    for (int length = 0; length < whole.length - marks; length++) {
      assertTrue(
          refusal(Arrays.copyOf(whole, length)).isPresent(),
          kind + " of " + whole.length + " bytes cut to " + length);
    }
    boolean palette = kind.startsWith("palette") || kind.startsWith("1-bit");
    assertEquals(palette, refusal(whole).isPresent());
  }

  @ParameterizedTest
  @CsvSource({"8, 0, 0", "16, 0, 0", "8, 2, 0", "16, 6, 0", "1, 0, 0", "8, 3, 0", "8, 0, 1"})
  void shouldRefuseAPngThatDeclaresGigabytes(int depth, int colour, int interlace) {
    String refusal =
        refusal(SmallPictures.declaring(SIDE, SIDE, depth, colour, interlace)).orElseThrow();
    assertTrue(refusal.contains("60000 x 60000 pixels; at most 33554432"), refusal);
  }

  @ParameterizedTest
  @ValueSource(strings = {"grey JPEG", "RGB JPEG"})
  void shouldRefuseAJpegThatDeclaresGigabytes(String kind) {
    byte[] file = SmallPictures.all().get(kind);
    int frame = find(file, 0xC0);
    for (int at : new int[] {frame + 5, frame + 7}) {
      file[at] = (byte) (SIDE >> 8);
      file[at + 1] = (byte) SIDE;
    }
    String refusal = refusal(file).orElseThrow();
    assertTrue(refusal.contains("60000 x 60000 pixels; at most 33554432"), refusal);
  }

  /** Where a marker begins. */
  private static int find(byte[] file, int marker) {
    for (int i = 0; i < file.length - 1; i++) {
      if ((file[i] & 0xff) == 0xff && (file[i + 1] & 0xff) == marker) {
        return i;
      }
    }
    throw new AssertionError("no marker " + marker);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void shouldNotUnpackAPngForEver(int interlace) {
    // 64 KiB behind the few pixels that it declares; more are packed the same way.
    refusal(SmallPictures.declaring(3, 2, 8, 0, interlace));
  }

  @Test
  void shouldNotDrawAJpegOverAndOver() throws IOException {
    byte[] file = progressive(4000);
    assertEquals(Optional.empty(), refusal(file));
    int scan = find(file, 0xDA);
    byte[] first = Arrays.copyOfRange(file, scan, scan + 12);
    ByteArrayOutputStream bomb = new ByteArrayOutputStream();
    bomb.write(file, 0, scan);
    for (int i = 0; i < 4000; i++) {
      bomb.write(first);
    }
    bomb.write(file, scan, file.length - scan);
    String refusal = refusal(bomb.toByteArray()).orElseThrow();
    assertTrue(refusal.contains("scans"), refusal);
  }

  private static byte[] progressive(int side) throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    ImageWriteParam settings = writer.getDefaultWriteParam();
    settings.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ImageOutputStream stream = ImageIO.createImageOutputStream(out)) {
      writer.setOutput(stream);
      BufferedImage flat = new BufferedImage(side, side, BufferedImage.TYPE_BYTE_GRAY);
      writer.write(null, new IIOImage(flat, null, null), settings);
    }
    return out.toByteArray();
  }

  @Test
  void shouldSayWhatIsNoImage() {
    Map.of(
            "nothing", new byte[0],
            "a text", "not an image".getBytes(java.nio.charset.StandardCharsets.UTF_8),
            "zeros", new byte[5000])
        .forEach(
            (what, bytes) ->
                assertTrue(
                    refusal(bytes).orElseThrow().contains("neither PNG, JPEG nor DICOM"), what));
  }
}
