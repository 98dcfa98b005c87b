package org.xrv.zoo.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.xrv.zoo.store.Packages.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xrv.zoo.name.SemanticVersion;
import org.xrv.zoo.name.Tag;

/** Several processes mark the same versions and move the same aliases at once. */
class MarksRaceTest {
  private static final int PROCESSES = 3;
  @TempDir Path folder;

  @Test
  void shouldLoseNothingAndNeverShowHalfOfAnything() throws IOException, InterruptedException {
    Path root = folder.resolve("zoo");
    LocalZoo zoo = new LocalZoo(root);
    Path one = Packages.write(folder.resolve("one"), "one");
    for (int p = 0; p < PROCESSES; p++) {
      zoo.push(one, model("ae:1." + p + ".0"));
    }
    Set<SemanticVersion> versions = zoo.list().get(0).versions().keySet();
    zoo.setAlias(model("ae:1.0.0"), new Tag.Alias("moving"));
    List<Process> processes = new ArrayList<>();
    try {
      for (int p = 0; p < PROCESSES; p++) {
        processes.add(
            ZooProcess.start(
                folder.resolve("output-" + p), "mark", root + "", folder + "", p + ""));
      }
      while (processes.stream().anyMatch(Process::isAlive)) {
        SemanticVersion moving = zoo.aliases(model("ae:1.0.0").name()).get("moving");
        assertTrue(versions.contains(moving), "an alias always means a version, not " + moving);
        for (SemanticVersion v : versions) {
          zoo.state(model("ae:" + v))
              .deprecated()
              .ifPresent(m -> assertTrue(m.startsWith("process "), m));
        }
      }
      for (int p = 0; p < PROCESSES; p++) {
        assertTrue(processes.get(p).waitFor(2, TimeUnit.MINUTES));
        assertEquals(
            0, processes.get(p).exitValue(), Files.readString(folder.resolve("output-" + p)));
      }
    } finally {
      processes.forEach(Process::destroyForcibly);
    }
    for (int p = 0; p < PROCESSES; p++) {
      // Each had a version to yank and an alias of its own: nobody else's changes took it away.
      assertEquals("by " + p, zoo.state(model("ae:1." + p + ".0")).yanked().orElse(""));
      assertEquals(
          "1." + p + ".0", zoo.aliases(model("ae:1.0.0").name()).get("own-" + p).toString());
    }
    String index = Files.readString(root.resolve("library/ae/index.json"));
    zoo.verifyAll();
    assertEquals(
        Files.readString(root.resolve("library/ae/index.json")), index, "it was current already");
  }
}
