package org.xrv.trainer.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.io.AtomicFiles;
import org.xrv.trainer.log.LoggedRun;
import org.xrv.trainer.log.RunState;
import org.xrv.trainer.log.RunStatus;
import org.xrv.trainer.loop.TrainingListener;

/** What a run leaves to look at, and that nothing of it can end the run. */
class RunWatchTest {
  @TempDir Path directory;
  private Path run;
  private final List<String> told = new CopyOnWriteArrayList<>();

  private final TrainingListener listener =
      new TrainingListener() {
        @Override
        public void message(String line) {
          told.add(line);
        }

        @Override
        public void step(StepReport report) {
          told.add("step " + report.step());
        }

        @Override
        public void validating(int epoch, int image, int images) {
          told.add("validating " + image);
        }

        @Override
        public void epoch(EpochReport report) {
          told.add("epoch " + report.epoch());
        }
      };

  @BeforeEach
  void makeRun() throws IOException {
    run = Files.createDirectories(directory.resolve("run"));
  }

  private static TrainingListener.StepReport step(long step) {
    return new TrainingListener.StepReport(step, 20, (int) (step - 1) / 10, 3, 1e-3, 9, 60, 0.1);
  }

  private static TrainingListener.EpochReport epoch(int epoch, boolean best) {
    return new TrainingListener.EpochReport(
        epoch, 10L * (epoch + 1), 20, 3, Map.of("mae", 2.0), best, 9, 0.1);
  }

  /** Two epochs: what the training loop writes and says. */
  private String train(TrainingListener watch) {
    try {
      for (int epoch = 1; epoch <= 2; epoch++) {
        for (int i = 1; i <= 10; i++) {
          watch.step(step(10L * (epoch - 1) + i));
        }
        watch.validating(epoch - 1, 3, 3);
        LoggedRun.epochs(run, epoch, epoch);
        LoggedRun.picture(run, epoch);
        watch.epoch(epoch(epoch - 1, epoch == 1));
      }
      return "trained";
    } catch (IOException e) {
      throw AtomicFiles.disk(run, e);
    }
  }

  private List<String> warnings() {
    return told.stream().filter(l -> l.startsWith("warning: ")).toList();
  }

  private String report() throws IOException {
    return Files.readString(run.resolve("report.html"));
  }

  private static boolean command(String... command) throws IOException, InterruptedException {
    return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor() == 0;
  }

  @Test
  void shouldLeaveReportTableStatusAndEvents() throws IOException {
    assertEquals("trained", RunWatch.during(run, listener, this::train));
    assertEquals(List.of(), warnings());
    assertEquals(24, told.size(), "everything is passed on: " + told);
    RunStatus status = RunStatus.read(run).orElseThrow();
    assertEquals(RunState.DONE, status.state());
    assertEquals(20, status.step());
    assertEquals(10, status.bestStep(), "the first epoch was the best");
    assertEquals(0, status.secondsLeft());
    assertTrue(report().contains("state done"));
    assertTrue(report().contains("pictures/epoch-0002.png"));
    assertEquals(7, Files.readAllLines(run.resolve("metrics.csv")).size());
    try (Stream<Path> files = Files.list(run.resolve("tensorboard"))) {
      List<Path> all = files.toList();
      assertEquals(1, all.size(), all.toString());
      assertTrue(Files.size(all.get(0)) > 1000);
    }
  }

  @Test
  void shouldSayWhyARunEnded() throws IOException {
    for (ProblemKind kind : List.of(ProblemKind.PREEMPTED, ProblemKind.DIVERGED)) {
      ProblemException e =
          assertThrows(
              ProblemException.class,
              () ->
                  RunWatch.during(
                      run,
                      listener,
                      watch -> {
                        watch.step(step(7));
                        throw new ProblemException(kind, "because <of> this");
                      }));
      assertEquals(kind, e.kind());
      RunStatus status = RunStatus.read(run).orElseThrow();
      assertEquals(
          kind == ProblemKind.PREEMPTED ? RunState.STOPPED : RunState.FAILED, status.state());
      assertEquals(7, status.step());
      assertTrue(report().contains("because &lt;of&gt; this"), report());
    }
    assertThrows(
        IllegalStateException.class,
        () ->
            RunWatch.during(
                run,
                listener,
                watch -> {
                  throw new IllegalStateException("a bug");
                }));
    assertEquals(RunState.FAILED, RunStatus.read(run).orElseThrow().state());
  }

  @Test
  void shouldForgetTheBestOfWhatIsTrainedAgain() {
    RunWatch.during(run, listener, this::train);
    String result =
        RunWatch.during(
            run,
            listener,
            watch -> {
              watch.step(step(6));
              return "from step 5";
            });
    assertEquals("from step 5", result);
    assertEquals(0, RunStatus.read(run).orElseThrow().bestStep());
  }

  @Test
  void shouldWarnOnceAndTrainOnWhereEventsCannotBeWritten() throws IOException {
    Files.writeString(run.resolve("tensorboard"), "in the way");
    assertEquals("trained", RunWatch.during(run, listener, this::train));
    assertEquals(1, warnings().size(), warnings().toString());
    assertTrue(
        warnings().get(0).startsWith("warning: TensorBoard's events cannot be written ("),
        warnings().get(0));
    assertTrue(report().contains("state done"));
  }

  @Test
  void shouldWarnOnceAndTrainOnWhereTheReportCannotBeWritten() throws IOException {
    Files.createDirectories(run.resolve("report.html/in the way"));
    assertEquals("trained", RunWatch.during(run, listener, this::train));
    assertEquals(1, warnings().size(), warnings().toString());
    assertTrue(warnings().get(0).contains("report.html"), warnings().get(0));
  }

  @Test
  void shouldTrainOnWithAFullTensorBoardFolder() throws IOException, InterruptedException {
    Path folder = Files.createDirectories(run.resolve("tensorboard"));
    Assumptions.assumeTrue(
        command("mount", "-t", "tmpfs", "-o", "size=16k", "xrv-test", folder.toString()),
        "needs permission to mount a small tmpfs");
    try {
      Files.write(folder.resolve("filler"), new byte[16 << 10]);
      assertEquals("trained", RunWatch.during(run, listener, this::train));
      assertEquals(1, warnings().size(), warnings().toString());
      assertTrue(warnings().get(0).contains("No space left on device"), warnings().get(0));
      try (Stream<Path> files = Files.list(folder)) {
        assertEquals(List.of(folder.resolve("filler")), files.toList(), "nothing half-written");
      }
    } finally {
      command("umount", folder.toString());
    }
  }

  @Test
  void shouldTrainOnWithAReadOnlyTensorBoardFolder() throws IOException, InterruptedException {
    Path folder = Files.createDirectories(run.resolve("tensorboard"));
    Assumptions.assumeTrue(
        command("mount", "-t", "tmpfs", "-o", "size=16k,ro", "xrv-test", folder.toString()),
        "needs permission to mount a small tmpfs");
    try {
      assertEquals("trained", RunWatch.during(run, listener, this::train));
      assertEquals(1, warnings().size(), warnings().toString());
      assertTrue(warnings().get(0).contains("Read-only file system"), warnings().get(0));
    } finally {
      command("umount", folder.toString());
    }
  }

  @Test
  void shouldNotBringADeletedRunBack() {
    String result =
        RunWatch.during(
            run,
            listener,
            watch -> {
              AtomicFiles.deleteTree(run);
              watch.step(step(1));
              return "trained";
            });
    assertEquals("trained", result);
    assertFalse(Files.exists(run));
    assertEquals(List.of(), warnings(), "training itself says so, when it wants to write");
  }

  @Test
  void shouldWriteNothingIntoAnotherDirectoryOfTheSameName() throws IOException {
    Path moved = directory.resolve("moved");
    RunWatch.during(
        run,
        listener,
        watch -> {
          try {
            Files.move(run, moved);
            Files.createDirectory(run);
          } catch (IOException e) {
            throw AtomicFiles.disk(run, e);
          }
          return train(watch);
        });
    assertFalse(Files.exists(run.resolve(RunStatus.FILE)));
    assertFalse(Files.exists(run.resolve("report.html")));
    assertFalse(Files.exists(run.resolve("tensorboard")));
  }
}
