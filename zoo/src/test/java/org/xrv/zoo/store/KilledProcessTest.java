package org.xrv.zoo.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.xrv.zoo.store.Packages.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xrv.core.io.AtomicFiles;
import org.xrv.core.random.KeyedRandom;
import org.xrv.zoo.bundle.Bundle;
import org.xrv.zoo.bundle.Export;
import org.xrv.zoo.name.ModelReference;

/** A process that pushes and pulls is killed at random moments (SIGKILL: nothing is caught). */
class KilledProcessTest {
  @TempDir Path folder;

  @Test
  void shouldLeaveASoundZooBehind() throws IOException, InterruptedException {
    killAndVerify(4, 1);
  }

  @Test
  @Tag("slow")
  void shouldLeaveASoundZooBehindInManyRounds() throws IOException, InterruptedException {
    killAndVerify(30, 2);
  }

  private void killAndVerify(int rounds, long seed) throws IOException, InterruptedException {
    Path root = folder.resolve("zoo");
    LocalZoo zoo = new LocalZoo(root);
    int published = 0;
    for (int round = 0; round < rounds; round++) {
      Path packages = Files.createDirectories(folder.resolve("round-" + round));
      Path output = folder.resolve("output-" + round);
      Process process =
          ZooProcess.start(output, "loop", root.toString(), packages.toString(), round + "");
      try {
        while (!Files.exists(packages.resolve("progress"))) {
          assertTrue(process.isAlive(), Files.readString(output));
          Thread.sleep(2);
        }
        Thread.sleep(KeyedRandom.of(seed, "kill", round + "").nextInt(700));
        assertTrue(process.isAlive(), Files.readString(output));
      } finally {
        process.destroyForcibly();
      }
      assertTrue(process.waitFor(1, TimeUnit.MINUTES));
      List<Verification> found = zoo.verifyAll();
      for (Verification v : found) {
        assertEquals(
            Optional.empty(), v.problem().map(Exception::getMessage), "after round " + round);
      }
      assertTrue(found.size() > published, "every round publishes something");
      // What was being pushed can be pushed, whether it was published or not.
      String progress = Files.readString(packages.resolve("progress"));
      for (int next = 1; next <= 2 && !progress.isEmpty(); next++) {
        int i = (Integer.parseInt(progress) + next) % 50;
        Path again = Packages.write(folder.resolve("again"), "{}", round + " " + i, 400_000);
        zoo.push(again, model("ae:" + round + "." + i + ".0"));
        assertFalse(zoo.push(again, model("ae:" + round + "." + i + ".0")).isNew());
      }
      published = zoo.list().get(0).versions().size();
    }
    assertTrue(zoo.verifyAll().stream().allMatch(Verification::isSound));
  }

  @Test
  void shouldCompleteAnImportThatWasKilled() throws IOException, InterruptedException {
    killImports(4, 3);
  }

  @Test
  @Tag("slow")
  void shouldCompleteImportsThatWereKilledInManyRounds() throws IOException, InterruptedException {
    killImports(30, 4);
  }

  private void killImports(int rounds, long seed) throws IOException, InterruptedException {
    LocalZoo source = new LocalZoo(folder.resolve("source"));
    List<ModelReference> all = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      Path one = Packages.write(folder.resolve("package-" + i), "{}", "content " + i, 400_000);
      source.push(one, model("ae:1." + i + ".0"));
      all.add(ModelReference.of(model("ae:1." + i + ".0")));
    }
    Path tar = folder.resolve("b.tar");
    Export.write(source, all, tar, Set.of());
    for (int round = 0; round < rounds; round++) {
      Path root = folder.resolve("zoo-" + round);
      Path output = folder.resolve("output-" + round);
      Process process =
          ZooProcess.start(output, "import", root.toString(), folder.toString(), round + "");
      try {
        while (!Files.exists(folder.resolve("started-" + round))) {
          assertTrue(process.isAlive(), Files.readString(output));
          Thread.sleep(2);
        }
        Thread.sleep(KeyedRandom.of(seed, "kill", round + "").nextInt(500));
      } finally {
        process.destroyForcibly();
      }
      assertTrue(process.waitFor(1, TimeUnit.MINUTES));
      LocalZoo zoo = new LocalZoo(root);
      for (Verification v : zoo.verifyAll()) {
        assertEquals(
            Optional.empty(), v.problem().map(Exception::getMessage), "after round " + round);
      }
      try (Bundle bundle = Bundle.open(tar)) {
        assertEquals(10, zoo.adopt(bundle.versions(), bundle).size());
      }
      assertEquals(source.list(), zoo.list());
      assertTrue(zoo.verifyAll().stream().allMatch(Verification::isSound));
      AtomicFiles.deleteTree(root);
    }
  }
}
