package org.xrv.trainer.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xrv.core.io.AtomicFiles;
import org.xrv.trainer.checkpoint.CheckpointStore;

/**
 * A run's directory that cannot be written, or goes away. One line, exit code 12; and once it can
 * be written again the run goes on as if nothing had been.
 */
class OutputTroubleTest {
  /** Of the tiny network, model and optimizer. */
  private static final int CHECKPOINT = 860_000;

  private static final String EVERY_STEP = "--set=checkpoint.everySteps=1";

  @TempDir Path directory;

  private static String refused(Program program) {
    assertEquals(12, program.code(), program.err());
    assertEquals(1, program.problems().size(), program.err());
    assertFalse(program.err().contains("\tat "), program.err());
    return program.problems().get(0);
  }

  private static void done(Program program) {
    assertEquals(0, program.code(), program.err());
  }

  /** Fills the disk up to some bytes, trains, gives the space back, trains again. */
  private void trainOnAFullDisk(SmallDisk disk, Path whole, long free) throws IOException {
    Path run = disk.root().resolve("run-" + free);
    Path filler = disk.fillUpTo(free);
    String problem = refused(Program.train(run, EVERY_STEP));
    assertTrue(problem.contains("No space left on device"), problem);
    assertTrue(problem.contains("free some space"), problem);
    List<Long> kept = CheckpointStore.steps(run);
    assertEquals(free > CHECKPOINT + 300_000, !kept.isEmpty(), free + ": " + problem);
    if (!kept.isEmpty()) {
      assertTrue(
          CheckpointStore.newest(run, w -> {}).orElseThrow().state().step() == kept.get(0),
          "whole");
      if (problem.contains("cannot write the checkpoint")) {
        assertTrue(problem.contains("; the one of step " + kept.get(0) + " is there"), problem);
      }
    }
    Files.delete(filler);
    Program again = Program.train(run, EVERY_STEP);
    done(again);
    assertEquals(!kept.isEmpty(), again.err().contains("going on from step"), again.err());
    SameRun.assertSame(whole, run);
    AtomicFiles.deleteTree(run);
  }

  @Test
  void shouldGoOnWhereAFullDiskStoppedIt() throws IOException, InterruptedException {
    Path whole = directory.resolve("whole");
    done(Program.train(whole, EVERY_STEP));
    try (SmallDisk disk = SmallDisk.mount(directory.resolve("disk"), "24m")) {
      // No room for settings, or for a third checkpoint.
      for (long free : new long[] {0, 2 * CHECKPOINT + 600_000}) {
        trainOnAFullDisk(disk, whole, free);
      }
    }
  }

  @Tag("slow")
  @Test
  void shouldGoOnWhereverAFullDiskStoppedIt() throws IOException, InterruptedException {
    Path whole = directory.resolve("whole");
    done(Program.train(whole, EVERY_STEP));
    try (SmallDisk disk = SmallDisk.mount(directory.resolve("disk"), "24m")) {
      for (long free = 4096; free < 3 * CHECKPOINT; free += 81_920) {
        if (Math.abs(free - CHECKPOINT - 150_000) > 150_000) { // there the first one may fit
          trainOnAFullDisk(disk, whole, free);
        }
      }
    }
  }

  @Tag("slow")
  @Test
  void shouldNotLoseTheEarlierExportToAFullDisk() throws IOException, InterruptedException {
    try (SmallDisk disk = SmallDisk.mount(directory.resolve("disk"), "24m")) {
      Path run = disk.root().resolve("run");
      done(Program.train(run));
      byte[] decoder = Files.readAllBytes(run.resolve("export/decoder.onnx"));
      Path filler = disk.fillUpTo(100_000);
      String problem = refused(Program.run("export", run.toString()));
      assertTrue(problem.startsWith("xrv-train export: cannot write "), problem);
      assertArrayEquals(decoder, Files.readAllBytes(run.resolve("export/decoder.onnx")));
      SameRun.assertNothingLeftBehind(run);
      Files.delete(filler);
      done(Program.run("export", run.toString()));
      assertArrayEquals(decoder, Files.readAllBytes(run.resolve("export/decoder.onnx")));
      SameRun.assertNothingLeftBehind(run);
    }
  }

  @Tag("slow") // RunWatchTest has the part that matters
  @Test
  void shouldTrainOnWhereTensorBoardsFolderIsFull() throws IOException, InterruptedException {
    Path whole = directory.resolve("whole");
    done(Program.train(whole));
    Path run = Files.createDirectories(directory.resolve("run"));
    try (SmallDisk disk = SmallDisk.mount(run.resolve("tensorboard"), "16k")) {
      disk.fillUpTo(0);
      Program program = Program.train(run);
      done(program);
      List<String> warnings = program.err().lines().filter(l -> l.startsWith("warning: ")).toList();
      assertEquals(1, warnings.size(), program.err());
      assertTrue(warnings.get(0).contains("No space left on device"), program.err());
      SameRun.assertSame(whole, run);
    }
  }

  @Tag("slow")
  @Test
  void shouldEndInOneLineAtALimitOfFileSizes() throws IOException, InterruptedException {
    Assumptions.assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "needs a shell");
    Path whole = directory.resolve("whole");
    done(Program.train(whole));
    Path run = directory.resolve("run");
    // 500 kB: the model fits, the optimizer's state does not.
    try (TrainingProcess process = TrainingProcess.limited("ulimit -f 1000", run)) {
      assertEquals(12, process.end(), process.log());
      assertEquals(1, process.problems().size(), process.log());
      assertTrue(process.problems().get(0).contains("cannot write the checkpoint"), process.log());
    }
    assertEquals(List.of(), CheckpointStore.steps(run));
    done(Program.train(run));
    SameRun.assertSame(whole, run);
  }

  @Test
  void shouldSayThatTheDirectoryIsReadOnly() throws IOException, InterruptedException {
    try (SmallDisk disk = SmallDisk.mount(directory.resolve("disk"), "24m")) {
      Path run = disk.root().resolve("run");
      Path zoo = disk.root().resolve("zoo");
      Files.createDirectory(run);
      Files.writeString(run.resolve("config.yaml"), "");
      disk.readOnly(true);
      for (Path out : List.of(run, disk.root().resolve("new/er"))) {
        String problem = refused(Program.train(out));
        assertTrue(problem.contains("cannot write " + out), problem);
        assertTrue(problem.contains("Read-only file system"), problem);
      }
      String never = refused(Program.train(run, "--resume=never"));
      assertTrue(never.contains("Read-only file system"), never);
      Path elsewhere = directory.resolve("elsewhere");
      String publish = refused(Program.train(elsewhere, "--publish=ae-tiny:0.1.0", "--zoo=" + zoo));
      assertTrue(publish.contains("Read-only file system"), publish);
      assertTrue(Files.exists(elsewhere.resolve("export/decoder.onnx")), "the work is kept");
    }
  }

  @Test
  void shouldSayThatAFileIsInTheWay() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "not a directory");
    for (Path out : List.of(file, file.resolve("run"))) {
      String problem = refused(Program.train(out));
      assertTrue(problem.contains(file.toString()), problem);
    }
    assertEquals("not a directory", Files.readString(file));
  }

  /** What is done to a run's directory while training writes into it. */
  private void disturb(Path run, String how) throws IOException {
    switch (how) {
      case "renamed" -> Files.move(run, run.resolveSibling("renamed"));
      case "removed" -> {
        while (Files.exists(run)) { // a file may be written meanwhile
          AtomicFiles.deleteTree(run);
        }
      }
      default -> {
        Files.move(run, run.resolveSibling("renamed"));
        Files.createDirectory(run);
      }
    }
  }

  @Test
  void shouldEndWhenItsDirectoryIsReplaced() throws Exception {
    directoryGoesAway("replaced");
  }

  @Tag("slow")
  @ParameterizedTest
  @ValueSource(strings = {"removed", "renamed"})
  void shouldEndWhenItsDirectoryGoesAway(String how) throws Exception {
    directoryGoesAway(how);
  }

  private void directoryGoesAway(String how) throws Exception {
    Path run = directory.resolve("run");
    CompletableFuture<Program> training =
        CompletableFuture.supplyAsync(
            () -> Program.train(run, "--set=train.epochs=100000", EVERY_STEP));
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(3);
    while (CheckpointStore.steps(run).stream().allMatch(s -> s < 7) && !training.isDone()) {
      assertTrue(System.nanoTime() < end, "it trains");
      Thread.sleep(5);
    }
    disturb(run, how);
    Program program = training.get(3, TimeUnit.MINUTES);
    String problem = refused(program);
    assertTrue(problem.contains(run.toString()), problem);
    if (how.equals("replaced")) {
      try (Stream<Path> files = Files.walk(run)) {
        assertEquals(List.of(run), files.toList(), "nothing was written into the other directory");
      }
    } else {
      assertFalse(Files.exists(run), "it does not come back");
    }
    if (!how.equals("removed")) {
      Path renamed = run.resolveSibling("renamed");
      assertTrue(CheckpointStore.newest(renamed, w -> {}).isPresent(), "what was saved is whole");
    }
  }
}
