package org.xrv.core.dataset.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xrv.core.dataset.Sample;
import org.xrv.core.io.Digests;

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
          new ShardTrailer(new int[items], new int[items], Map.of(0, "not there")).encode();
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
