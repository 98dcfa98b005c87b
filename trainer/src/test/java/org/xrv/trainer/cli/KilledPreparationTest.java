package org.xrv.trainer.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xrv.core.dataset.Sample;
import org.xrv.core.dataset.cache.CachedDataset;

/** A preparation from archives that is killed and started again. */
@Tag("slow")
class KilledPreparationTest {
  /** 4 MiB an image: 32 fill a shard. */
  private static final int RESOLUTION = 1024;

  @TempDir Path directory;
  private final Path log = Path.of("preparation.log");

  private static Path pack(Path archive, List<Path> files) throws IOException {
    try (OutputStream out = Files.newOutputStream(archive);
        TarArchiveOutputStream tar =
            new TarArchiveOutputStream(new GzipCompressorOutputStream(out))) {
      for (Path file : files) {
        TarArchiveEntry entry = new TarArchiveEntry("images/" + file.getFileName());
        entry.setSize(Files.size(file));
        tar.putArchiveEntry(entry);
        Files.copy(file, tar);
        tar.closeArchiveEntry();
      }
    }
    return archive;
  }

  private List<String> prepare(Path root, String cache) {
    return List.of(
        "data",
        "prepare",
        "nih",
        "--views=all",
        "--data-root=" + root,
        "--resolution=" + RESOLUTION,
        "--cache=" + directory.resolve(cache));
  }

  private Process start(Path root, String cache) throws IOException {
    return Program.process(directory.resolve(log), prepare(root, cache)).start();
  }

  @Test
  void shouldGoOnWithTheNextArchiveAndEndWithTheSamePixels()
      throws IOException, InterruptedException {
    Path unpacked = directory.resolve("unpacked");
    assertEquals(
        0,
        Program.run("data", "phantom", "--count=44", "--out=" + unpacked, "--resolution=32")
            .code());
    Path packed = Files.createDirectories(directory.resolve("packed"));
    List<Path> images;
    try (var files = Files.list(unpacked.resolve("images"))) {
      images = files.sorted().toList();
    }
    Path first = pack(packed.resolve("images_001.tar.gz"), images.subList(10, 44));
    pack(packed.resolve("images_002.tar.gz"), images.subList(0, 10));
    try (var files = Files.list(unpacked)) {
      for (Path table : files.filter(Files::isRegularFile).toList()) {
        Files.copy(table, packed.resolve(table.getFileName()));
      }
    }

    Process process = start(packed, "killed");
    Path finished = directory.resolve("killed/archives.json");
    for (int i = 0; i < 1200 && process.isAlive() && !Files.exists(finished); i++) {
      Thread.sleep(50);
    }
    process.destroyForcibly().waitFor();
    assertTrue(Files.exists(finished), Files.readString(directory.resolve(log)));
    assertFalse(
        Files.exists(directory.resolve("killed/cache.json")), "it was killed before its end");

    // Whoever reads the first archive again reads nonsense.
    FileTime time = Files.getLastModifiedTime(first);
    Files.write(first, new byte[(int) Files.size(first)]);
    Files.setLastModifiedTime(first, time);
    Process again = start(packed, "killed");
    assertTrue(again.waitFor(5, TimeUnit.MINUTES));
    assertEquals(0, again.exitValue(), Files.readString(directory.resolve(log)));

    Process whole = start(unpacked, "whole");
    assertTrue(whole.waitFor(5, TimeUnit.MINUTES));
    assertEquals(0, whole.exitValue(), Files.readString(directory.resolve(log)));
    CachedDataset expected = CachedDataset.open(directory.resolve("whole"));
    CachedDataset actual = CachedDataset.open(directory.resolve("killed"));
    assertEquals(expected.samples(), actual.samples());
    assertEquals(44, actual.samples().size());
    for (Sample sample : expected.samples()) {
      assertArrayEquals(
          expected.image(sample, RESOLUTION).pixels(), actual.image(sample, RESOLUTION).pixels());
    }
  }
}
