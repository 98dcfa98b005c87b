package org.xrv.core.dataset.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.xrv.core.dataset.Sample;
import org.xrv.core.io.Digests;
import org.xrv.core.random.KeyedRandom;

/** 600,000 images of 224 x 224: 120 GB that are not there, in files with holes. */
@Tag("slow")
class LargeCacheTest {
  private static final int IMAGES = 600_000;
  private static final int PER_SHARD = 668;
  @TempDir Path directory;

  private void write() throws IOException {
    CacheSettings settings = CacheFixture.settings(224, PixelEncoding.FLOAT32, false);
    List<Sample> samples = new CacheFixture(IMAGES).samples();
    byte[] index = CacheIndex.encode(samples, List.of(), IntStream.range(0, IMAGES).toArray());
    Files.write(directory.resolve("index.bin"), index);
    List<CacheDescription.Shard> shards = new ArrayList<>();
    for (int first = 0; first < IMAGES; first += PER_SHARD) {
      int items = Math.min(PER_SHARD, IMAGES - first);
      byte[] trailer =
          new ShardTrailer(checksums(items, settings), new int[items], Map.of(0, "not there"))
              .encode();
      Path file = directory.resolve("shard-" + first / PER_SHARD + ".bin");
      try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
        out.seek((long) items * settings.imageBytes());
        out.write(trailer);
      }
      shards.add(
          new CacheDescription.Shard(
              file.getFileName().toString(), items, Files.size(file), Digests.sha256(trailer)));
    }
    new CacheDescription(
            CacheDescription.FORMAT,
            "test",
            "noise",
            "nothing",
            settings,
            SourceDigest.of(samples),
            SourceDigest.of(samples),
            "",
            IMAGES,
            0,
            0,
            Digests.sha256(index),
            PER_SHARD,
            shards)
        .write(directory);
  }

  /** Of images of zeros, as holes are read. */
  private static int[] checksums(int items, CacheSettings settings) {
    int[] checksums = new int[items];
    Arrays.fill(checksums, ShardTrailer.checksum(ByteBuffer.allocate(settings.imageBytes())));
    return checksums;
  }

  /** Reads a cache in a process of its own, and prints seconds and the kernel's view of memory. */
  static final class Reader {
    private Reader() {}

    /** Takes the cache's directory. */
    public static void main(String[] args) throws IOException {
      long start = System.nanoTime();
      CachedDataset opened = CachedDataset.open(Path.of(args[0]));
      double seconds = (System.nanoTime() - start) / 1e9;
      float[] pixels = new float[224 * 224];
      KeyedRandom random = KeyedRandom.of(1, "positions");
      int read = 0;
      for (int i = 0; i < 20_000; i++) {
        int position = random.nextInt(IMAGES);
        if (opened.readable(position)) {
          opened.readImage(position, 224, pixels);
          read++;
        }
      }
      String status = Files.readString(Path.of("/proc/self/status"));
      System.out.printf(
          Locale.ROOT,
          "opened in %.2f s, %d images read, %s%n",
          seconds,
          read,
          status
              .lines()
              .filter(l -> l.startsWith("VmHWM") || l.startsWith("Rss"))
              .map(l -> l.replaceAll("\\s+", " "))
              .collect(Collectors.joining(", ")));
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void shouldTakeLittleMemoryWhileItIsReadShuffled() throws IOException, InterruptedException {
    write();
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + System.getProperty("xrv.heap", "128m"),
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                Reader.class.getName(),
                directory.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), said);
    Matcher report = Pattern.compile("(?s).*VmHWM: (\\d+) kB.*").matcher(said);
    assertTrue(report.matches(), said);
    assertTrue(Integer.parseInt(report.group(1)) < 200_000, said);
  }

  private static long used() {
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  @Test
  void shouldOpenQuicklyAndInLittleMemory() throws IOException {
    write();
    long before = used();
    long start = System.nanoTime();
    CachedDataset opened = CachedDataset.open(directory);
    double seconds = (System.nanoTime() - start) / 1e9;
    assertEquals(IMAGES, opened.samples().size());
    for (int position = 1; position < IMAGES; position += 12_345) {
      assertEquals(position % PER_SHARD != 0, opened.readable(position));
    }
    long bytes = used() - before;
    assertEquals("noise-599999.png", opened.samples().get(IMAGES - 1).id());
    assertTrue(bytes < 150_000_000, bytes + " bytes");
    // Below one second on an idle core; tests share theirs.
    assertTrue(seconds < 10, seconds + " s");
  }
}
