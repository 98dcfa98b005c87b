package org.xrv.trainer.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xrv.core.io.AtomicFiles;
import org.xrv.core.random.KeyedRandom;

/** Training that is killed at random moments, or stopped by signals, and started again. */
class InterruptedTrainingTest {
  @TempDir Path directory;

  private static String[] recipe(String more) {
    // A checkpoint at every step: a random kill often hits the writing of one.
    return ("--set=train.epochs=5 --set=checkpoint.everySteps=1 " + more).strip().split(" ");
  }

  private void killed(int times, String more, String stop)
      throws IOException, InterruptedException {
    Path whole = directory.resolve("whole");
    Program never = Program.train(whole, recipe(more));
    assertEquals(0, never.code(), never.err());
    Path run = directory.resolve("killed");
    KeyedRandom random = KeyedRandom.of(20261123, "kill", more);
    int kills = 0;
    for (int i = 0; i < times; i++) {
      try (TrainingProcess process = TrainingProcess.start(run, recipe(more))) {
        kills += process.killAtRandom(random, 200) ? 1 : 0;
      }
    }
    assertTrue(kills > 0, "none was killed before its end");
    try (TrainingProcess process = TrainingProcess.start(run, recipe(more))) {
      process.awaitTraining();
      for (String resume : List.of("auto", "never")) {
        Program second = Program.train(run, recipe(more + " --resume=" + resume));
        assertEquals(2, second.code(), second.err());
        assertEquals(
            List.of("xrv-train: another process trains in " + run + "; choose another --out"),
            second.problems());
      }
      process.signal(stop);
      assertEquals(75, process.end(), process.log());
      assertEquals(1, process.problems().size(), process.log());
      String problem = process.problems().get(0);
      assertTrue(
          problem.matches(
              "xrv-train: stopped by SIG"
                  + stop
                  + "; step \\d+ of 25 is saved"
                  + " in .*killed; start the same command again to go on"),
          problem);
    }
    Program last = Program.train(run, recipe(more));
    assertEquals(0, last.code(), last.err());
    assertTrue(last.err().contains("going on from step "), last.err());
    SameRun.assertSame(whole, run);
  }

  @Test
  void shouldEndLikeARunNeverStopped() throws IOException, InterruptedException {
    shouldEndLikeARunNeverStoppedBy("fp32", "TERM");
  }

  @Tag("slow")
  @ParameterizedTest
  @CsvSource({"bf16, USR1"})
  void shouldEndLikeARunNeverStoppedBy(String precision, String stop)
      throws IOException, InterruptedException {
    killed(1, "--precision=" + precision, stop);
  }

  @Tag("slow")
  @ParameterizedTest
  @ValueSource(
      strings = {
        "--precision=fp32",
        "--precision=bf16",
        "--precision=fp32 --accumulate=2 --set=train.clipNorm=1000 --set=train.averageDecay=0.9",
        "--precision=bf16 --accumulate=2 --set=train.clipNorm=1000 --set=train.averageDecay=0.9"
      })
  void shouldEndLikeARunNeverStoppedAfterManyKills(String more)
      throws IOException, InterruptedException {
    killed(10, more, "HUP");
  }

  @Test
  void shouldGoOnWhenTheClockIsSetBack() throws IOException {
    goOnAfter(4_102_444_800L); // the year 2100
  }

  @Tag("slow")
  @Test
  void shouldGoOnWhenTheClockIsSetForward() throws IOException {
    goOnAfter(0); // 1970: no battery
  }

  private void goOnAfter(long seconds) throws IOException {
    Path whole = directory.resolve("whole");
    assertEquals(0, Program.train(whole).code());
    Path run = directory.resolve("run");
    SameRun.copy(whole, run);
    AtomicFiles.deleteTree(run.resolve("checkpoints/step-10"));
    Path events = run.resolve("tensorboard");
    String before = String.format(Locale.ROOT, "events.out.tfevents.%010d.xrv", seconds);
    Files.move(only(events), events.resolve(before));
    Path timing = run.resolve("timing.jsonl");
    Files.writeString(
        timing, Files.readString(timing).replaceAll("\"time\":\\d+", "\"time\":" + seconds));
    try (Stream<Path> files = Files.walk(run)) {
      for (Path file : files.toList()) {
        Files.setLastModifiedTime(file, FileTime.from(seconds, TimeUnit.SECONDS));
      }
    }
    Program again = Program.train(run);
    assertEquals(0, again.code(), again.err());
    assertTrue(again.err().contains("going on from step 5 "), again.err());
    SameRun.assertSame(whole, run);
    String after = only(events).getFileName().toString();
    assertTrue(after.compareTo(before) > 0, after + " comes after " + before);
  }

  private static Path only(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      List<Path> all = files.toList();
      assertEquals(1, all.size(), all.toString());
      return all.get(0);
    }
  }
}
