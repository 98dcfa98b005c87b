package org.xrv.core.dataset.cache;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xrv.core.dataset.Sample;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.image.GrayImage;

class CachedDatasetTest {
  private static final int SIDE = 17;
  @TempDir Path directory;

  private CachedDataset cached(CacheFixture source, PixelEncoding pixels, boolean masks) {
    source.write(directory, CacheFixture.settings(SIDE, pixels, masks));
    return CachedDataset.open(directory);
  }

  @Test
  void shouldGiveTheSameSamplesInTheSameOrder() {
    CacheFixture source = new CacheFixture(50);
    CachedDataset cached = cached(source, PixelEncoding.FLOAT32, false);
    assertEquals("noise", cached.name());
    assertEquals(source.samples(), cached.samples(), "ids, patients, views and labels");
    assertTrue(cached.isOf(source));
    assertFalse(cached.isOf(new CacheFixture(49)));
    assertTrue(cached.provenance().startsWith("50 squares of noise; from the cache "));
  }

  @Test
  void shouldGiveTheSameBitsAsFloat32() {
    CacheFixture source = new CacheFixture(50);
    CachedDataset cached = cached(source, PixelEncoding.FLOAT32, true);
    int masks = 0;
    for (Sample sample : source.samples()) {
      assertArrayEquals(
          source.image(sample, SIDE).pixels(), cached.image(sample, SIDE).pixels(), sample.id());
      for (String target : new String[] {"Mass", "Hernia", "Goitre"}) {
        Optional<GrayImage> mask = cached.mask(sample, target, SIDE);
        assertEquals(source.mask(sample, target, SIDE).isPresent(), mask.isPresent());
        if (mask.isPresent()) {
          masks++;
          assertArrayEquals(
              source.mask(sample, target, SIDE).orElseThrow().pixels(), mask.get().pixels());
        }
      }
    }
    assertEquals(25, masks);
  }

  @Test
  void shouldBeOffByHalfAStepAsInt16() {
    CacheFixture source = new CacheFixture(50);
    CachedDataset cached = cached(source, PixelEncoding.INT16, true);
    double worst = 0;
    for (Sample sample : source.samples()) {
      float[] expected = source.image(sample, SIDE).pixels();
      float[] actual = cached.image(sample, SIDE).pixels();
      for (int i = 0; i < expected.length; i++) {
        worst = Math.max(worst, Math.abs(expected[i] - actual[i]));
      }
    }
    assertTrue(worst > 0.015 && worst < 1 / 63.9, "1024 / 32767 / 2 = 0.0156, was " + worst);
    Sample masked = source.samples().get(0);
    assertArrayEquals(
        source.mask(masked, "Mass", SIDE).orElseThrow().pixels(),
        cached.mask(masked, "Mass", SIDE).orElseThrow().pixels(),
        0.5f / 32767 + 1e-7f);
  }

  @Test
  void shouldKeepTheEndsOfTheRangeAsInt16() {
    float[] pixels = {-1024, 0, 1024, 1023.99f};
    byte[] bytes = new byte[8];
    PixelEncoding.INT16.encode(pixels, 1024, bytes);
    float[] read = new float[4];
    PixelEncoding.INT16.decode(java.nio.ByteBuffer.wrap(bytes), 1024, read);
    assertArrayEquals(pixels, read, 1 / 64f);
    assertTrue(read[0] >= -1024 && read[2] <= 1024);
    assertEquals(0, read[1]);
  }

  @Test
  void shouldSayOfAnUnreadableImageWhatTheDataSetSaid() {
    CacheFixture source = new CacheFixture(9).broken("noise-00004.png");
    CachedDataset cached = cached(source, PixelEncoding.FLOAT32, false);
    assertEquals(1, cached.unreadable());
    ProblemException problem =
        assertThrows(ProblemException.class, () -> cached.image(source.samples().get(4), SIDE));
    assertEquals(ProblemKind.BAD_DATA, problem.kind());
    assertEquals("noise-00004.png: truncated", problem.getMessage());
    cached.image(source.samples().get(5), SIDE);
  }

  @Test
  void shouldRefuseAnotherResolutionAndMasksThatItDoesNotHold() {
    CacheFixture source = new CacheFixture(3);
    CachedDataset cached = cached(source, PixelEncoding.FLOAT32, false);
    Sample sample = source.samples().get(0);
    String size = assertThrows(ProblemException.class, () -> cached.image(sample, 16)).getMessage();
    assertTrue(size.contains("17 x 17 pixels, asked for 16 x 16"), size);
    String mask =
        assertThrows(ProblemException.class, () -> cached.mask(sample, "Mass", SIDE)).getMessage();
    assertTrue(mask.contains("--masks"), mask);
  }

  @Test
  void shouldNoticeADamagedPixel() throws IOException {
    CacheFixture source = new CacheFixture(20);
    cached(source, PixelEncoding.FLOAT32, false);
    Path shard = directory.resolve("shard-00000.bin");
    byte[] bytes = Files.readAllBytes(shard);
    bytes[7 * SIDE * SIDE * 4 + 100] ^= 1;
    Files.write(shard, bytes);
    CachedDataset damaged = CachedDataset.open(directory);
    damaged.image(source.samples().get(6), SIDE);
    String message =
        assertThrows(ProblemException.class, () -> damaged.image(source.samples().get(7), SIDE))
            .getMessage();
    assertTrue(message.contains("shard-00000.bin: image 7"), message);
    assertTrue(message.contains("prepare again"), message);
    assertThrows(ProblemException.class, damaged::verify);
  }

  @Test
  void shouldNoticeACutOffShardAndAnotherIndexAtOnce() throws IOException {
    CacheFixture source = new CacheFixture(20);
    cached(source, PixelEncoding.FLOAT32, false);
    Path shard = directory.resolve("shard-00000.bin");
    byte[] bytes = Files.readAllBytes(shard);
    Files.write(shard, java.util.Arrays.copyOf(bytes, bytes.length - 1));
    assertTrue(refusal().contains("bytes instead of"), refusal());
    Files.delete(shard);
    assertTrue(refusal().contains("shard-00000.bin: is missing"), refusal());
    Files.write(shard, bytes);
    Path index = directory.resolve("index.bin");
    Files.write(
        index, CacheIndex.encode(new CacheFixture(19).samples(), java.util.List.of(), new int[19]));
    assertTrue(refusal().contains("index.bin: is not the index"), refusal());
    Files.delete(directory.resolve("cache.json"));
    assertTrue(refusal().contains("unfinished"), refusal());
    assertTrue(
        assertThrows(ProblemException.class, () -> CachedDataset.open(directory.resolve("x")))
            .getMessage()
            .contains("no cache here"));
  }

  private String refusal() {
    ProblemException problem =
        assertThrows(ProblemException.class, () -> CachedDataset.open(directory));
    assertEquals(ProblemKind.BAD_DATA, problem.kind());
    return problem.getMessage();
  }
}
