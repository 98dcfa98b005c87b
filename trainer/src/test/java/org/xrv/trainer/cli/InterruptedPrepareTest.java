package org.xrv.trainer.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xrv.core.io.AtomicFiles;
import org.xrv.core.io.Digests;
import org.xrv.core.random.KeyedRandom;

/** Preparing a cache that is killed, has no disk, is not alone, or loses its images. */
class InterruptedPrepareTest {
  /** 2 MiB each, so that a shard of 128 MiB has 64 and the third is a part. */
  private static final int IMAGES = 140;

  private static final String LARGE = "--resolution=1024";

  /** 140 images of two bytes a pixel, which all fit one shard. */
  private static final String SMALL = "--resolution=64";

  private static final int PIXELS = IMAGES * 64 * 64 * 2;

  @TempDir Path directory;
  private Path films;

  @BeforeEach
  void writeImages() throws IOException {
    films = Files.createDirectory(directory.resolve("films"));
    KeyedRandom random = KeyedRandom.of(11, "films");
    for (int i = 0; i < IMAGES; i++) {
      BufferedImage image = new BufferedImage(8, 8, BufferedImage.TYPE_BYTE_GRAY);
      for (int pixel = 0; pixel < 64; pixel++) {
        image.getRaster().setSample(pixel % 8, pixel / 8, 0, random.nextInt(256));
      }
      String name = String.format(Locale.ROOT, "%04d.png", i);
      ImageIO.write(image, "png", films.resolve(name).toFile());
    }
  }

  private List<String> args(Path cache, String... more) {
    List<String> args =
        new ArrayList<>(
            List.of(
                "data",
                "prepare",
                "folder",
                "--data-root=" + films,
                "--cache=" + cache,
                "--pixels=int16"));
    args.addAll(List.of(more));
    return args;
  }

  private Program prepare(Path cache, String... more) {
    return Program.run(args(cache, more).toArray(String[]::new));
  }

  /** Digests of the files that make a cache. */
  private static Map<String, String> content(Path cache) throws IOException {
    Map<String, String> content = new TreeMap<>();
    try (Stream<Path> files = Files.list(cache)) {
      files
          .filter(f -> !f.getFileName().toString().equals("lock"))
          .forEach(f -> content.put(f.getFileName().toString(), Digests.sha256(f)));
    }
    return content;
  }

  private static boolean command(String... words) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(words)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    return process.waitFor() == 0;
  }

  @Test
  @Tag("slow")
  void shouldMakeTheSameCacheAfterKillsAtRandomMoments() throws IOException, InterruptedException {
    Path log = directory.resolve("log");
    Path whole = directory.resolve("whole");
    long start = System.nanoTime();
    assertTrue(Program.process(log, args(whole, LARGE)).start().waitFor(5, TimeUnit.MINUTES));
    long needed = (System.nanoTime() - start) / 1_000_000;
    Path killed = directory.resolve("killed");
    KeyedRandom random = KeyedRandom.of(20261123, "kill");
    int kills = 0;
    for (int round = 0; round < 6; round++) {
      Process process = Program.process(log, args(killed, LARGE)).start();
      long wait = needed / 4 + random.nextInt((int) needed / 2);
      if (!process.waitFor(wait, TimeUnit.MILLISECONDS)) {
        process.destroyForcibly().waitFor();
        kills++;
        assertFalse(Files.exists(killed.resolve("cache.json")) && kills == 1, "killed too late");
      }
    }
    assertTrue(kills > 0, "no round was killed");
    Process last = Program.process(log, args(killed, LARGE)).start();
    assertTrue(last.waitFor(5, TimeUnit.MINUTES));
    assertEquals(0, last.exitValue(), Files.readString(log));
    assertEquals(content(whole), content(killed), Files.readString(log));
  }

  @Test
  void shouldSayThatTheDiskIsFullAndGoOnWhenThereIsSpace()
      throws IOException, InterruptedException {
    Path disk = Files.createDirectory(directory.resolve("disk"));
    assumeTrue(
        command("mount", "-t", "tmpfs", "-o", "size=3m", "xrv-test", disk.toString()),
        "needs permission to mount a small tmpfs");
    try {
      Path whole = directory.resolve("whole");
      prepare(whole, SMALL);
      Path filler = disk.resolve("filler");
      fill(filler, PIXELS - 4096);
      full(prepare(disk.resolve("cache"), SMALL), "the cache needs");
      Files.delete(filler);
      AtomicFiles.deleteTree(disk.resolve("cache"));
      int full = 0;
      // Each time another page of 4 KiB is left, so that it gets full at another file.
      for (int pages = 0; pages < 16; pages++) {
        Path cache = disk.resolve("cache" + pages);
        fill(filler, PIXELS + 4096 * pages);
        Program program = prepare(cache, SMALL);
        if (program.code() != 0) {
          full(program, "");
          full++;
        }
        Files.delete(filler);
        Program again = prepare(cache, SMALL);
        assertEquals(0, again.code(), again.err());
        assertEquals(content(whole), content(cache), "after " + pages + " pages");
        AtomicFiles.deleteTree(cache);
      }
      assertTrue(full > 2 && full < 15, "the disk was full " + full + " times");
    } finally {
      command("umount", disk.toString());
    }
  }

  private static void fill(Path file, int free) throws IOException {
    long usable = Files.getFileStore(file.getParent()).getUsableSpace();
    Files.write(file, new byte[(int) Math.max(0, usable - free)]);
  }

  private static void full(Program program, String words) {
    assertEquals(12, program.code(), program.err());
    assertEquals(1, program.problems().size(), program.err());
    assertTrue(program.problems().get(0).contains(words), program.err());
  }

  @Test
  void shouldSayThatTheDirectoryIsReadOnly() throws IOException, InterruptedException {
    Path disk = Files.createDirectory(directory.resolve("disk"));
    assumeTrue(
        command("mount", "-t", "tmpfs", "-o", "size=4m,ro", "xrv-test", disk.toString()),
        "needs permission to mount a small tmpfs");
    try {
      full(prepare(disk.resolve("cache"), "--resolution=32"), "Read-only file system");
      full(prepare(disk, "--resolution=32"), "Read-only file system");
    } finally {
      command("umount", disk.toString());
    }
  }

  @Test
  void shouldLetTheFirstOfTwoFinish() throws IOException, InterruptedException {
    Path cache = directory.resolve("cache");
    Process first = Program.process(directory.resolve("log"), args(cache, LARGE)).start();
    try {
      for (int i = 0; i < 600 && !Files.exists(cache.resolve("plan.json")); i++) {
        Thread.sleep(50);
      }
      Program second = prepare(cache, LARGE);
      assertEquals(2, second.code(), second.err());
      assertEquals(1, second.problems().size(), second.err());
      assertTrue(second.problems().get(0).contains("another process"), second.err());
    } finally {
      first.destroyForcibly().waitFor();
    }
  }

  @Test
  void shouldStopWhenTheImagesVanishAndGoOnWhenTheyAreBack()
      throws IOException, InterruptedException {
    Path cache = directory.resolve("cache");
    Path away = directory.resolve("away");
    Path log = directory.resolve("log");
    Process process = Program.process(log, args(cache, LARGE)).start();
    for (int i = 0; i < 600 && !Files.exists(cache.resolve("plan.json")); i++) {
      Thread.sleep(50);
    }
    Files.move(films, away);
    assertTrue(process.waitFor(2, TimeUnit.MINUTES));
    String said = Files.readString(log);
    assertEquals(3, process.exitValue(), said);
    assertEquals(1, said.lines().filter(l -> l.startsWith("xrv-train")).count(), said);
    assertTrue(said.contains("has vanished since the data set was opened"), said);
    assertFalse(Files.exists(cache.resolve("cache.json")), "it would lack images");
    Files.move(away, films);
    Program again = prepare(cache, LARGE);
    assertEquals(0, again.code(), again.err());
    assertTrue(again.err().contains("140 images (0 left out)"), again.err());
  }
}
