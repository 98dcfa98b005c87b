package org.xrv.zoo.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.xrv.zoo.store.Packages.model;
import static org.xrv.zoo.store.Packages.ref;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.io.AtomicFiles;
import org.xrv.zoo.bundle.Bundle;
import org.xrv.zoo.bundle.Export;
import org.xrv.zoo.name.ModelReference;

/** A file system of two megabytes gets full, or turns out to be read-only. */
class FullDiskTest {
  @TempDir Path folder;
  private Path small;
  private boolean mounted;

  private static boolean run(String... command) {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @BeforeEach
  void mount() throws IOException {
    small = Files.createDirectory(folder.resolve("small"));
    mounted = run("mount", "-t", "tmpfs", "-o", "size=2m", "xrv-test", small.toString());
    assumeTrue(mounted, "needs permission to mount a small tmpfs");
  }

  @AfterEach
  void unmount() {
    if (mounted) {
      run("umount", small.toString());
    }
  }

  @Test
  void shouldSaySoInOneLineAndPublishNothing() throws IOException {
    LocalZoo zoo = new LocalZoo(small.resolve("zoo"));
    Path fits = Packages.write(folder.resolve("fits"), "{}", "fits", 300_000);
    Path large = Packages.write(folder.resolve("large"), "{}", "large", 900_000);
    zoo.push(fits, model("ae:1.0.0"));
    ProblemException e =
        assertThrows(ProblemException.class, () -> zoo.push(large, model("ae:2.0.0")));
    assertEquals(ProblemKind.DISK, e.kind(), e.getMessage());
    assertEquals(1, e.getMessage().lines().count());
    assertTrue(e.getMessage().contains("No space left on device"), e.getMessage());
    assertFalse(e.getMessage().contains("_partial"), e.getMessage());
    assertEquals(1, zoo.list().get(0).versions().size());
    assertTrue(zoo.verifyAll().stream().allMatch(Verification::isSound));
    try (var left = Files.list(small.resolve("zoo/_partial"))) {
      assertEquals(List.of(), left.toList());
    }
  }

  @Test
  void shouldWorkAgainAtEveryPointWhenSpaceIsFree() throws IOException {
    Path one = Packages.write(folder.resolve("one"), "{}", "one", 30_000);
    int refused = 0;
    // Each time one more page of 4 KiB is left, so the disk gets full at another file.
    for (int pages = 0; pages < 60; pages++) {
      Path root = small.resolve("zoo-" + pages);
      LocalZoo zoo = new LocalZoo(root);
      Path filler = small.resolve("filler");
      fill(filler, pages * 4096);
      try {
        zoo.push(one, model("ae:1.0.0"));
        zoo.pull(ref("ae"));
      } catch (ProblemException e) {
        assertEquals(ProblemKind.DISK, e.kind(), e.getMessage());
        refused++;
      }
      Files.delete(filler);
      assertTrue(
          zoo.verifyAll().stream().allMatch(Verification::isSound), "with " + pages + " pages");
      zoo.push(one, model("ae:1.0.0"));
      zoo.pull(ref("ae"));
      assertEquals(1, zoo.list().size());
      AtomicFiles.deleteTree(root);
    }
    assertTrue(refused > 10 && refused < 60, "the disk was full " + refused + " times");
  }

  @Test
  void shouldImportNothingInsteadOfAPart() throws IOException {
    LocalZoo elsewhere = new LocalZoo(folder.resolve("elsewhere"));
    elsewhere.push(
        Packages.write(folder.resolve("fits"), "{}", "fits", 300_000), model("ae:1.0.0"));
    elsewhere.push(
        Packages.write(folder.resolve("large"), "{}", "large", 900_000), model("ae:2.0.0"));
    Path tar = folder.resolve("b.tar");
    List<ModelReference> both = List.of(ref("ae:1.0.0"), ref("ae:2.0.0"));
    Export.write(elsewhere, both, tar, Set.of());
    LocalZoo zoo = new LocalZoo(small.resolve("zoo"));
    try (Bundle bundle = Bundle.open(tar)) {
      ProblemException e =
          assertThrows(ProblemException.class, () -> zoo.adopt(bundle.versions(), bundle));
      assertEquals(ProblemKind.DISK, e.kind(), e.getMessage());
    }
    assertEquals(List.of(), zoo.list());
    AtomicFiles.deleteTree(small.resolve("zoo"));
    for (String name : List.of("b.tar", "b")) {
      ProblemException e =
          assertThrows(
              ProblemException.class,
              () -> Export.write(elsewhere, both, small.resolve(name), Set.of()));
      assertEquals(ProblemKind.DISK, e.kind(), e.getMessage());
    }
    try (var left = Files.list(small)) {
      assertEquals(List.of(), left.toList());
    }
  }

  @Test
  void shouldHandOutFromAReadOnlyDiskWhatWasPulledBefore() {
    LocalZoo zoo = new LocalZoo(small.resolve("zoo"));
    Path one = Packages.write(folder.resolve("one"), "{}", "one", 30_000);
    zoo.push(one, model("ae:1.0.0"));
    zoo.push(one, model("ae:2.0.0"));
    Snapshot before = zoo.pull(ref("ae:1.0.0"));
    assumeTrue(run("mount", "-o", "remount,ro", small.toString()), "needs to mount read-only");
    assertEquals(before, zoo.pull(ref("ae:1.0.0")));
    assertTrue(zoo.verifyAll().stream().allMatch(Verification::isSound));
    for (Executable write :
        List.<Executable>of(
            () -> zoo.pull(ref("ae:2.0.0")), () -> zoo.push(one, model("ae:3.0.0")))) {
      ProblemException e = assertThrows(ProblemException.class, write);
      assertEquals(ProblemKind.DISK, e.kind());
      assertTrue(e.getMessage().contains("Read-only file system"), e.getMessage());
    }
  }

  private static void fill(Path file, int free) throws IOException {
    long usable = Files.getFileStore(file.getParent()).getUsableSpace();
    Files.write(file, new byte[(int) Math.max(0, usable - free)]);
  }
}
