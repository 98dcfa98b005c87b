package org.xrv.zoo.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.xrv.zoo.store.Packages.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xrv.core.random.KeyedRandom;

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
}
