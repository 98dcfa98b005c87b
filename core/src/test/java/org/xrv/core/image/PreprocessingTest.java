package org.xrv.core.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xrv.core.dataset.ImageFixtures;
import org.xrv.core.error.ProblemException;

/**
 * Reading and preprocessing against what scikit-image computes, and against the formula written
 * down plainly.
 */
class PreprocessingTest {
  private static final Path SHARED = Path.of(System.getProperty("xrv.shared"));

  @Test
  void shouldEqualTheGoldens() throws IOException {
    Path goldens = SHARED.resolve("goldens/preprocess");
    assumeTrue(Files.exists(goldens), "the golden images are not here");
    JsonNode all = new ObjectMapper().readTree(goldens.resolve("golden.json").toFile());
    int compared = 0;
    for (Map.Entry<String, JsonNode> golden : all.properties()) {
      Path file = SHARED.resolve("data/xrays").resolve(golden.getValue().get("file").asText());
      RawImage raw = ImageFiles.read(file);
      if (golden.getKey().startsWith("upsample")) {
        raw = topLeft(raw, 100, 120);
      }
      assertEquals(golden.getValue().get("max_value").asInt(), raw.maxValue());
      float[] actual = Preprocessing.apply(raw, 224).pixels();
      ByteBuffer bytes =
          ByteBuffer.wrap(Files.readAllBytes(goldens.resolve(golden.getKey() + ".f32")))
              .order(ByteOrder.LITTLE_ENDIAN);
      for (int i = 0; i < actual.length; i++) {
        assertEquals(bytes.getFloat(), actual[i], 1e-3, golden.getKey() + " at " + i);
      }
      compared++;
    }
    assertEquals(9, compared);
  }

  @ParameterizedTest
  @CsvSource({"30,30", "61,16", "40,23", "9,20", "16,7", "33,31", "130,9", "5,64", "1,3", "3,1"})
  void shouldEqualThePlainFormula(int n, int size) {
    SplittableRandom random = new SplittableRandom(n);
    float[] pixels = new float[n * n];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) random.nextDouble(-1024, 1024);
    }
    float low = Float.POSITIVE_INFINITY;
    float high = Float.NEGATIVE_INFINITY;
    for (float pixel : pixels) {
      low = Math.min(low, pixel);
      high = Math.max(high, pixel);
    }
    float[] actual = Preprocessing.resize(new GrayImage(n, n, pixels), size).pixels();
    for (int row = 0; row < size; row++) {
      for (int column = 0; column < size; column++) {
        double plain = Math.max(low, Math.min(high, plain(pixels, n, size, row, column)));
        assertEquals(plain, actual[row * size + column], 1e-3);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"255", "4095", "65535", "70000"})
  void shouldDoAllStepsAtOnceAsOneAfterTheOther(int maxValue) {
    SplittableRandom random = new SplittableRandom(maxValue);
    int[][] sizes = {
      {70, 50, 16}, {33, 91, 40}, {10, 12, 23}, {64, 64, 64}, {1, 5, 4}, {90, 90, 7}
    };
    for (int[] size : sizes) {
      int[] samples = random.ints((long) size[0] * size[1], 0, maxValue + 1).toArray();
      RawImage raw = new RawImage(size[0], size[1], samples, maxValue);
      assertArrayEquals(
          Preprocessing.resize(Preprocessing.centerCrop(Preprocessing.normalize(raw)), size[2])
              .pixels(),
          Preprocessing.apply(raw, size[2]).pixels());
    }
  }

  @Test
  void shouldLoadAsItReadsAndKeepNothingOfTheImageBefore(@TempDir Path folder) throws IOException {
    for (String name : List.of("a.png", "b.png", "c.jpg", "d.png")) {
      Path file = ImageFixtures.gray(folder.resolve(name), name.equals("d.png") ? 90 : 64);
      float[] read = Preprocessing.apply(ImageFiles.read(file), 20).pixels();
      assertArrayEquals(read, ImageFiles.load(file, 20, Resize.ANTIALIAS).pixels());
      byte[] bytes = Files.readAllBytes(file);
      assertArrayEquals(read, ImageFiles.load(name, bytes, 20, Resize.ANTIALIAS).pixels());
    }
  }

  @Test
  void shouldStayInTheRangeOfTheImageAndRefuseSamplesAboveTheMost() {
    int[] samples = new int[50 * 50];
    java.util.Arrays.fill(samples, 200);
    samples[7] = 255;
    float[] bright = Preprocessing.apply(new RawImage(50, 50, samples, 255), 16).pixels();
    for (float pixel : bright) {
      // Zeros outside would make the edge darker; the result is clipped to the least value inside.
      assertTrue(pixel >= (2 * (200 / 255f) - 1) * 1024 && pixel <= 1024, "pixel " + pixel);
    }
    for (int wrong : new int[] {-1, 256}) {
      samples[100] = wrong;
      RawImage raw = new RawImage(50, 50, samples, 255);
      assertThrows(IllegalArgumentException.class, () -> Preprocessing.apply(raw, 16));
    }
  }

  /** Smooth in two dimensions, interpolate between four neighbours, zeros outside. */
  private static double plain(float[] pixels, int n, int size, int row, int column) {
    double f = (double) n / size;
    double y = (row + 0.5) * f - 0.5;
    double x = (column + 0.5) * f - 0.5;
    int top = (int) Math.floor(y);
    int left = (int) Math.floor(x);
    return (1 - (y - top))
            * ((1 - (x - left)) * smooth(pixels, n, f, top, left)
                + (x - left) * smooth(pixels, n, f, top, left + 1))
        + (y - top)
            * ((1 - (x - left)) * smooth(pixels, n, f, top + 1, left)
                + (x - left) * smooth(pixels, n, f, top + 1, left + 1));
  }

  private static double smooth(float[] pixels, int n, double f, int row, int column) {
    if (row < 0 || row >= n || column < 0 || column >= n) {
      return 0;
    }
    double sigma = Math.max(0, (f - 1) / 2);
    int radius = (int) (4 * sigma + 0.5);
    double sum = 0;
    double total = 0;
    for (int dy = -radius; dy <= radius; dy++) {
      for (int dx = -radius; dx <= radius; dx++) {
        double w = radius == 0 ? 1 : Math.exp(-(dx * dx + dy * dy) / (2 * sigma * sigma));
        total += w;
        boolean inside = row + dy >= 0 && row + dy < n && column + dx >= 0 && column + dx < n;
        sum += inside ? w * pixels[(row + dy) * n + column + dx] : 0;
      }
    }
    return sum / total;
  }

  @Test
  void shouldReadSixteenBitsAndTheFirstChannelOfColours(@TempDir Path folder) throws IOException {
    BufferedImage deep = new BufferedImage(2, 1, BufferedImage.TYPE_USHORT_GRAY);
    deep.getRaster().setSample(1, 0, 0, 40000);
    ImageIO.write(deep, "png", folder.resolve("deep.png").toFile());
    RawImage raw = ImageFiles.read(folder.resolve("deep.png"));
    assertEquals(65535, raw.maxValue());
    assertEquals(40000, raw.samples()[1]);

    BufferedImage colour = new BufferedImage(1, 1, BufferedImage.TYPE_4BYTE_ABGR);
    colour.setRGB(0, 0, 0xFF7F3010);
    ImageIO.write(colour, "png", folder.resolve("colour.png").toFile());
    assertEquals(0x7F, ImageFiles.read(folder.resolve("colour.png")).samples()[0]);
  }

  @ParameterizedTest
  @CsvSource({"png", "jpg"})
  void shouldNameATruncatedFile(String format, @TempDir Path folder) throws IOException {
    BufferedImage image = new BufferedImage(64, 64, BufferedImage.TYPE_BYTE_GRAY);
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 64 * 64; i++) {
      image.getRaster().setSample(i % 64, i / 64, 0, random.nextInt(256));
    }
    Path file = folder.resolve("xray." + format);
    ImageIO.write(image, format, file.toFile());
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, java.util.Arrays.copyOf(bytes, bytes.length / 2));
    String message = assertThrows(ProblemException.class, () -> ImageFiles.read(file)).getMessage();
    assertTrue(message.contains("xray." + format), message);
  }

  @ParameterizedTest
  @CsvSource({"png", "jpg"})
  void shouldReadTheSameFromMemoryAndNameWhatIsDamaged(String format, @TempDir Path folder)
      throws IOException {
    Path file = ImageFixtures.gray(folder.resolve("xray." + format), 32);
    byte[] bytes = Files.readAllBytes(file);
    RawImage image = ImageFiles.read("a.tar.gz!xray", bytes);
    assertEquals(32, image.width());
    assertArrayEquals(ImageFiles.read(file).samples(), image.samples());

    byte[] half = java.util.Arrays.copyOf(bytes, bytes.length / 2);
    for (byte[] bad : new byte[][] {half, {}, {1, 2, 3}}) {
      String message =
          assertThrows(ProblemException.class, () -> ImageFiles.read("a.tar.gz!xray", bad))
              .getMessage();
      assertTrue(message.startsWith("a.tar.gz!xray: "), message);
    }
  }

  private static RawImage topLeft(RawImage raw, int height, int width) {
    int[] samples = new int[height * width];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = raw.samples()[i / width * raw.width() + i % width];
    }
    return new RawImage(height, width, samples, raw.maxValue());
  }
}
