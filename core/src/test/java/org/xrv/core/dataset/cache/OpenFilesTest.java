package org.xrv.core.dataset.cache;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xrv.core.dataset.OnMissing;

/** Files of a cache may be closed at any time; readers do not notice. */
class OpenFilesTest {
  private static final int SIDE = 4;
  private static final int IMAGES = 5;
  private final CacheFixture source = new CacheFixture(IMAGES);
  private final CacheSettings settings = CacheFixture.settings(SIDE, PixelEncoding.FLOAT32, false);
  @TempDir Path directory;

  /** Each image in a file of its own. */
  @BeforeEach
  void write() {
    new CacheWriter(source, settings, 1, true, OnMissing.FAIL, settings.imageBytes())
        .write(directory, new CacheFixture.Silent());
  }

  private Path file(int shard) {
    return directory.resolve(String.format(Locale.ROOT, "shard-%05d.bin", shard));
  }

  private ShardFile open(int shard, OpenFiles files) {
    return ShardFile.open(file(shard), files, settings.imageBytes());
  }

  private void requireImage(int shard, ShardFile from) {
    float[] pixels = new float[SIDE * SIDE];
    from.read(0, PixelEncoding.FLOAT32, 1024, pixels);
    assertArrayEquals(source.image(source.samples().get(shard), SIDE).pixels(), pixels);
  }

  @Test
  void shouldCloseTheFileOpenedFirstToMakeRoom() throws IOException {
    OpenFiles files = new OpenFiles(2);
    FileChannel first = files.open(file(0));
    FileChannel second = files.open(file(1));
    FileChannel third = files.open(file(2));
    assertFalse(first.isOpen());
    assertTrue(second.isOpen());
    assertTrue(third.isOpen());
  }

  @Test
  void shouldReadFilesThatWereClosedToMakeRoom() {
    OpenFiles files = new OpenFiles(2);
    List<ShardFile> shards = new ArrayList<>();
    for (int shard = 0; shard < IMAGES; shard++) {
      shards.add(open(shard, files));
    }
    for (int round = 0; round < 3; round++) {
      for (int shard = 0; shard < IMAGES; shard++) {
        requireImage(shard, shards.get(shard));
      }
    }
  }

  /** Java closes the channel of a thread that is interrupted while it reads, for all threads. */
  @Test
  void shouldReadOnAfterAnInterruption() {
    ShardFile shard = open(3, new OpenFiles(2));
    Thread.currentThread().interrupt();
    assertThrows(IllegalStateException.class, () -> requireImage(3, shard));
    assertTrue(Thread.interrupted(), "is still to be seen by who waits for it");
    requireImage(3, shard);
  }

  /** Nothing is wrong with the file, so nobody is told to delete it. */
  @Test
  void shouldNotCallAFileDamagedWhenItsOpeningWasInterrupted() {
    Thread.currentThread().interrupt();
    IllegalStateException e =
        assertThrows(IllegalStateException.class, () -> open(1, new OpenFiles(2)));
    assertTrue(e.getMessage().contains("interrupted"), e.getMessage());
    assertTrue(Thread.interrupted());
    requireImage(1, open(1, new OpenFiles(2)));
  }
}
