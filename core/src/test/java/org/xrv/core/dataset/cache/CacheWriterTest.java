package org.xrv.core.dataset.cache;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;

class CacheWriterTest {
  /** 2048 x 2048 float32 are 16 MiB: eight fill a shard. */
  private static final CacheSettings LARGE =
      CacheFixture.settings(2048, PixelEncoding.FLOAT32, false);

  private static final CacheSettings SMALL = CacheFixture.settings(8, PixelEncoding.INT16, true);
  @TempDir Path directory;

  private Path at(String name) {
    return directory.resolve(name);
  }

  private static Map<String, byte[]> files(Path directory) throws IOException {
    Map<String, byte[]> files = new java.util.TreeMap<>();
    try (var list = Files.list(directory)) {
      for (Path file : (Iterable<Path>) list::iterator) {
        files.put(file.getFileName().toString(), Files.readAllBytes(file));
      }
    }
    return files;
  }

  @Test
  void shouldSayTheExactSizeBeforehand() throws IOException {
    CacheFixture source = new CacheFixture(100);
    CacheWriter writer = new CacheWriter(source, SMALL, 1, true);
    assertEquals(150, writer.items(), "100 images and 50 masks");
    long promised = writer.bytes();
    CacheWriter.Outcome made = writer.write(directory, new CacheFixture.Silent());
    assertEquals(promised, made.bytes());
    assertEquals(promised, Files.size(at("shard-00000.bin")) + Files.size(at("index.bin")));
    assertEquals(new CacheWriter.Outcome(100, 50, 0, false, promised), made);
  }

  @Test
  void shouldWriteTheSameBytesWhateverTheThreads() throws IOException {
    new CacheWriter(new CacheFixture(60), SMALL, 1, true)
        .write(at("one"), new CacheFixture.Silent());
    new CacheWriter(new CacheFixture(60), SMALL, 5, true)
        .write(at("five"), new CacheFixture.Silent());
    Map<String, byte[]> one = files(at("one"));
    Map<String, byte[]> five = files(at("five"));
    assertEquals(one.keySet(), five.keySet());
    one.forEach((name, bytes) -> assertArrayEquals(bytes, five.get(name), name));
  }

  @Test
  void shouldGoOnAfterTheLastWholeShard() throws IOException {
    CacheFixture stopped = new CacheFixture(18).stoppingAfter(13);
    assertThrows(IllegalStateException.class, () -> stopped.write(at("killed"), LARGE));
    assertTrue(Files.exists(at("killed/shard-00000.bin")), "eight images");
    assertFalse(Files.exists(at("killed/shard-00001.bin")), "not half of one");
    assertFalse(Files.exists(at("killed/cache.json")));
    Files.writeString(at("killed/.tmp-of-a-killed-process"), "half");

    CacheFixture again = new CacheFixture(18);
    again.write(at("killed"), LARGE);
    assertEquals(10, again.read.get(), "the first eight are not read again");
    assertFalse(Files.exists(at("killed/.tmp-of-a-killed-process")));

    new CacheFixture(18).write(at("whole"), LARGE);
    for (String file : List.of("shard-00000.bin", "shard-00001.bin", "index.bin", "cache.json")) {
      assertEquals(-1, Files.mismatch(at("whole").resolve(file), at("killed").resolve(file)), file);
    }
  }

  @Test
  void shouldMakeADamagedShardAgain() throws IOException {
    CacheFixture stopped = new CacheFixture(18).stoppingAfter(16);
    assertThrows(IllegalStateException.class, () -> stopped.write(directory, LARGE));
    Path shard = at("shard-00000.bin");
    byte[] bytes = Files.readAllBytes(shard);
    bytes[12345] ^= 8;
    Files.write(shard, bytes);
    CacheFixture.Silent listener = new CacheFixture.Silent();
    new CacheWriter(new CacheFixture(18), LARGE, 2, true).write(directory, listener);
    assertEquals(1, listener.warnings.size());
    assertTrue(listener.warnings.get(0).startsWith("made again: "), listener.warnings.get(0));
    CachedDataset.open(directory).verify();
  }

  @Test
  void shouldDoNothingWhenTheCacheIsThere() {
    new CacheFixture(10).write(directory, SMALL);
    CacheFixture again = new CacheFixture(10);
    assertTrue(again.write(directory, SMALL).wasThere());
    assertEquals(0, again.read.get());
  }

  @Test
  void shouldRefuseADirectoryOfSomethingElse() throws IOException {
    new CacheFixture(10).write(at("cache"), SMALL);
    CacheSettings other = CacheFixture.settings(9, PixelEncoding.INT16, true);
    refused(new CacheFixture(10), at("cache"), other, "resolution: 8 there, 9 here");
    refused(new CacheFixture(11), at("cache"), SMALL, "its samples are not those of the data set");
    Files.delete(at("cache/cache.json"));
    refused(new CacheFixture(11), at("cache"), SMALL, "an unfinished cache of other data");
    Files.createDirectories(at("mine"));
    Files.writeString(at("mine/thesis.tex"), "Introduction");
    refused(new CacheFixture(10), at("mine"), SMALL, "holds other files");
  }

  private static void refused(
      CacheFixture source, Path directory, CacheSettings settings, String reason) {
    ProblemException problem =
        assertThrows(ProblemException.class, () -> source.write(directory, settings));
    assertEquals(ProblemKind.USAGE, problem.kind());
    assertTrue(problem.getMessage().contains(reason), problem.getMessage());
  }

  @Test
  void shouldNameUnreadableImagesOrStopAtThem() {
    CacheFixture.Silent listener = new CacheFixture.Silent();
    CacheFixture source = new CacheFixture(10).broken("noise-00003.png");
    CacheWriter.Outcome made = new CacheWriter(source, SMALL, 2, true).write(at("skip"), listener);
    assertEquals(1, made.unreadable());
    assertEquals(List.of("left out: noise-00003.png: truncated"), listener.warnings);
    assertThrows(
        ProblemException.class,
        () ->
            new CacheWriter(source, SMALL, 2, false).write(at("fail"), new CacheFixture.Silent()));
  }

  @Test
  void shouldSayInOneLineThatTheDiskIsTooSmall() {
    CacheSettings huge = CacheFixture.settings(4096, PixelEncoding.FLOAT32, false);
    ProblemException problem =
        assertThrows(
            ProblemException.class, () -> new CacheFixture(200_000).write(directory, huge));
    assertEquals(ProblemKind.DISK, problem.kind());
    assertTrue(problem.getMessage().contains("13421.8 GB more"), problem.getMessage());
  }
}
