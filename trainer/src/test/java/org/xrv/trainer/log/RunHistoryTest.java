package org.xrv.trainer.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunHistoryTest {
  @TempDir Path run;

  private static List<String> steps(List<LogLine> lines) {
    return lines.stream().map(l -> l.kind().name().charAt(0) + "" + l.step()).toList();
  }

  @Test
  void shouldFollowTheLogsWhileTheyGrow() throws IOException {
    RunHistory history = new RunHistory(run);
    history.advance();
    assertTrue(history.metrics().isEmpty(), "nothing is there yet");
    LoggedRun.epochs(run, 1, 1);
    history.advance();
    assertEquals(List.of("S5", "S10", "E10"), steps(history.metrics()));
    assertEquals(200.0, history.metrics().get(0).values().get("loss"));
    assertEquals(100.0, history.epochs().get(0).values().get("mae"));
    LoggedRun.epochs(run, 2, 2);
    history.advance();
    history.advance();
    assertEquals(List.of("S5", "S10", "E10", "S15", "S20", "E20"), steps(history.metrics()));
    assertEquals(steps(history.metrics()), steps(history.timing()));
  }

  @Test
  void shouldWaitForTheEndOfALine() throws IOException {
    RunHistory history = new RunHistory(run);
    Path file = run.resolve(MetricsLog.METRICS);
    Files.writeString(file, "{\"kind\":\"step\",\"step\":25,\"ep");
    history.advance();
    assertEquals(List.of(), history.metrics());
    Files.writeString(file, "och\":3,\"loss\":2}\n{", StandardOpenOption.APPEND);
    history.advance();
    assertEquals(List.of("S25"), steps(history.metrics()));
    assertEquals(3, history.metrics().get(0).epoch());
  }

  @Test
  void shouldPassOverWhatAPowerFailureLeft() throws IOException {
    LoggedRun.epochs(run, 1, 1);
    LoggedRun.append(run.resolve(MetricsLog.TIMING), "{\"kind\":\"st\0\0\0{\"kind\"");
    LoggedRun.append(run.resolve(MetricsLog.TIMING), "");
    LoggedRun.append(run.resolve(MetricsLog.TIMING), "7");
    LoggedRun.epochs(run, 2, 2);
    RunHistory history = new RunHistory(run);
    history.advance();
    assertEquals(List.of("S5", "S10", "E10", "S15", "S20", "E20"), steps(history.timing()));
  }

  @Test
  void shouldCountThePaceOfStepsThatWereTakenTwiceOnce() throws IOException {
    LoggedRun.epochs(run, 1, 3);
    LoggedRun.epochs(run, 2, 2);
    RunHistory history = new RunHistory(run);
    history.advance();
    assertEquals(List.of("S5", "S10", "E10", "S15", "S20", "E20"), steps(history.timing()));
    history.forgetTimingAfter(12);
    assertEquals(List.of("S5", "S10", "E10"), steps(history.timing()));
  }

  @Test
  void shouldReadTimingLinesOfEarlierVersions() throws IOException {
    LoggedRun.append(
        run.resolve(MetricsLog.TIMING), "{\"step\":8,\"epoch\":1,\"imagesPerSecond\":3.5}");
    RunHistory history = new RunHistory(run);
    history.advance();
    assertEquals(List.of("E8"), steps(history.timing()));
  }
}
