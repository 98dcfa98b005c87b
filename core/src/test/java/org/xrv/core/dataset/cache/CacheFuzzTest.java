package org.xrv.core.dataset.cache;

import static org.junit.jupiter.api.Named.named;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.fuzz.Sturdy;
import org.xrv.core.io.AtomicFiles;

/** The files of a packed cache; the first byte says which of them the others are. */
class CacheFuzzTest {
  private static final CacheSettings SETTINGS = CacheFixture.settings(4, PixelEncoding.INT16, true);
  private static final int ITEMS = 6 + 3;
  private static Path cache;

  @BeforeAll
  static void makeCache() throws IOException {
    cache = made();
  }

  @AfterAll
  static void removeCache() {
    AtomicFiles.deleteTree(cache.getParent());
  }

  private static Path made() throws IOException {
    Path made = Files.createTempDirectory("xrv-cache").resolve("cache");
    new CacheFixture(6).broken("noise-00003.png").write(made, SETTINGS);
    return made;
  }

  static Stream<Arguments> seeds() throws IOException {
    Path made = made();
    byte[] shard = Files.readAllBytes(made.resolve("shard-00000.bin"));
    byte[] trailer =
        Arrays.copyOfRange(
            shard, ITEMS * SETTINGS.imageBytes(), shard.length - ShardTrailer.FOOTER_BYTES);
    byte[] description = Files.readAllBytes(made.resolve(CacheDescription.FILE));
    byte[] index = Files.readAllBytes(made.resolve(CacheIndex.FILE));
    AtomicFiles.deleteTree(made.getParent());
    return Stream.of(
        Arguments.of(named("description", seed(0, description))),
        Arguments.of(named("index", seed(1, index))),
        Arguments.of(named("shard's trailer", seed(2, trailer))));
  }

  private static byte[] seed(int kind, byte[] content) {
    byte[] seed = new byte[content.length + 1];
    seed[0] = (byte) kind;
    System.arraycopy(content, 0, seed, 1, content.length);
    return seed;
  }

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "2m")
  void shouldReadOrRefuse(byte[] input) throws IOException {
    if (input.length == 0) {
      return;
    }
    byte[] content = Arrays.copyOfRange(input, 1, input.length);
    switch (input[0] % 3) {
      case 0 -> {
        Files.write(cache.resolve(CacheDescription.FILE), content);
        Sturdy.reads("cache", CacheFuzzTest::readAll);
      }
      case 1 -> Sturdy.reads("index", () -> refused("index", () -> decodeIndex(content)));
      default ->
          Sturdy.reads("shard", () -> refused("shard", () -> ShardTrailer.decode(shard(content))));
    }
  }

  private static void decodeIndex(byte[] content) {
    try {
      CacheIndex.decode(new ByteArrayInputStream(content), content.length);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void readAll() {
    CachedDataset dataset = CachedDataset.open(cache);
    for (int i = 0; i < dataset.samples().size(); i++) {
      if (dataset.readable(i)) {
        dataset.image(dataset.samples().get(i), dataset.settings().resolution());
      }
    }
    dataset.verify();
    dataset.provenance();
  }

  /** What these say to their callers, who name the file. */
  private static void refused(String name, Runnable reading) {
    try {
      reading.run();
    } catch (IllegalArgumentException e) {
      throw new ProblemException(ProblemKind.BAD_DATA, name + ": " + e.getMessage(), e);
    }
  }

  /** A trailer with the footer that vouches for it, which no fuzzer would find. */
  private static ByteBuffer shard(byte[] trailer) {
    ByteBuffer shard =
        ByteBuffer.allocate(trailer.length + ShardTrailer.FOOTER_BYTES)
            .order(ByteOrder.LITTLE_ENDIAN);
    shard.put(trailer);
    int checksum = ShardTrailer.checksum(ByteBuffer.wrap(trailer));
    return shard.putInt(trailer.length).putInt(checksum).putInt(0x58525653).flip();
  }
}
