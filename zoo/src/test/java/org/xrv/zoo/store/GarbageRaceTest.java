package org.xrv.zoo.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.xrv.zoo.store.Packages.model;
import static org.xrv.zoo.store.Packages.ref;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xrv.core.random.KeyedRandom;
import org.xrv.zoo.bundle.Export;
import org.xrv.zoo.name.ModelReference;

/**
 * Processes publish, import, pull and remove versions of the same files while others collect
 * garbage, and any of them is killed at random moments. No pull ever misses anything.
 */
class GarbageRaceTest {
  private static final int CHURNING = 3;
  private static final int COLLECTING = 2;
  private static final int CONTENTS = 4;
  @TempDir Path folder;
  private final List<Process> processes = new ArrayList<>();

  @BeforeEach
  void prepare() {
    LocalZoo source = new LocalZoo(folder.resolve("source"));
    List<ModelReference> all = new ArrayList<>();
    for (int k = 0; k < CONTENTS; k++) {
      Path content = Packages.write(folder.resolve("content-" + k), "{}", "content " + k, 50_000);
      source.push(content, model("ae:1." + k + ".0"));
      all.add(ref("ae:1." + k + ".0"));
    }
    Export.write(source, all, folder.resolve("b.tar"), Set.of());
  }

  @Test
  void shouldMissNothing() throws IOException, InterruptedException {
    race(1, 2_000, 2, Links.WHERE_POSSIBLE);
  }

  @Test
  @Tag("slow")
  void shouldMissNothingInManyRounds() throws IOException, InterruptedException {
    for (int seed = 2; seed < 12; seed++) {
      race(seed, 5_000, 6, Links.WHERE_POSSIBLE);
    }
  }

  /**
   * Nobody is killed here: without links, that may leave a version file that a person has to
   * delete.
   */
  @Test
  @Tag("slow")
  void shouldMissNothingWithoutLinks() throws IOException, InterruptedException {
    for (int seed = 100; seed < 103; seed++) {
      race(seed, 5_000, 0, Links.NEVER);
    }
  }

  private void start(int number, Links links) throws IOException {
    Files.deleteIfExists(folder.resolve("progress-" + number));
    processes.set(
        number,
        ZooProcess.start(
            folder.resolve("output-" + number),
            number < CHURNING ? "churn" : "collect",
            folder.resolve("zoo").toString(),
            folder.toString(),
            number + "",
            links.name()));
  }

  private void awaitProgress(int number) throws IOException, InterruptedException {
    while (!Files.exists(folder.resolve("progress-" + number))) {
      assertAlive(number);
      Thread.sleep(5);
    }
  }

  private void assertAlive(int number) throws IOException {
    assertTrue(
        processes.get(number).isAlive(), Files.readString(folder.resolve("output-" + number)));
  }

  private void race(long seed, int millis, int kills, Links links)
      throws IOException, InterruptedException {
    KeyedRandom random = KeyedRandom.of(seed, "garbage", "race");
    Path root = folder.resolve("zoo");
    Files.deleteIfExists(folder.resolve("stop"));
    processes.clear();
    try {
      for (int p = 0; p < CHURNING + COLLECTING; p++) {
        processes.add(null);
        start(p, links);
      }
      for (int p = 0; p < processes.size(); p++) {
        awaitProgress(p);
      }
      for (int kill = 0; kill < kills; kill++) {
        Thread.sleep(random.nextInt(millis / kills));
        int victim = random.nextInt(processes.size());
        for (int p = 0; p < processes.size(); p++) {
          assertAlive(p);
        }
        processes.get(victim).destroyForcibly();
        assertTrue(processes.get(victim).waitFor(1, TimeUnit.MINUTES));
        start(victim, links);
        awaitProgress(victim);
      }
      if (kills == 0) {
        Thread.sleep(millis);
      }
      Files.writeString(folder.resolve("stop"), "");
      for (int p = 0; p < processes.size(); p++) {
        assertTrue(processes.get(p).waitFor(2, TimeUnit.MINUTES));
        assertEquals(
            0, processes.get(p).exitValue(), Files.readString(folder.resolve("output-" + p)));
      }
    } finally {
      for (Process process : processes) {
        if (process != null) {
          process.destroyForcibly();
        }
      }
    }
    long deleted = 0;
    for (int p = CHURNING; p < processes.size(); p++) {
      deleted +=
          Long.parseLong(Files.readString(folder.resolve("collected-" + p)).split(" ", -1)[0]);
    }
    assertTrue(deleted > 0, "the collections had something to delete");
    LocalZoo zoo = new LocalZoo(root, links, Clock.systemUTC());
    for (Verification v : zoo.verifyAll()) {
      assertEquals("", v.problem().map(Exception::getMessage).orElse(""), "seed " + seed);
    }
    // Killed programs may have left pins; without them only what versions need is left.
    for (String pin : VersionRefs.names(root.resolve("_pins"))) {
      Files.delete(root.resolve("_pins").resolve(pin));
    }
    for (ModelVersions model : zoo.list()) {
      for (var version : model.versions().keySet()) {
        zoo.remove(new org.xrv.zoo.name.ModelVersion(model.name(), version));
      }
    }
    zoo.collectGarbage(false, Duration.ZERO);
    for (String place : List.of("_blobs", "_gc", "_snapshots")) {
      if (Files.exists(root.resolve(place))) {
        try (Stream<Path> left = Files.walk(root.resolve(place))) {
          assertEquals(List.of(), left.filter(Files::isRegularFile).toList());
        }
      }
    }
  }
}
