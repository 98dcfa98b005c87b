package org.xrv.trainer.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xrv.trainer.log.LoggedRun;
import org.xrv.trainer.log.RunState;
import org.xrv.trainer.log.RunStatus;

class ReportCommandTest {
  @TempDir Path directory;

  @Test
  void shouldMakeTheReportOfARealRunAgain() throws IOException {
    Path run = directory.resolve("run");
    Program trained = Program.train(run);
    assertEquals(0, trained.code(), trained.err());
    Path page = run.resolve("report.html");
    assertTrue(Files.readString(page).contains("state done"), "written by the run itself");
    String csv = Files.readString(run.resolve("metrics.csv"));
    Files.delete(page);
    Files.delete(run.resolve("metrics.csv"));

    Program again = Program.run("report", run.toString());
    assertEquals(0, again.code(), again.err());
    assertEquals(page.toString(), again.out().strip());
    assertTrue(Files.readString(page).contains("pictures/epoch-0002.png"));
    assertEquals(csv, Files.readString(run.resolve("metrics.csv")));
    assertEquals(csv, Program.run("report", run.toString(), "--csv").out());

    Path alone = directory.resolve("alone.html");
    assertEquals(0, Program.run("report", run.toString(), "--out=" + alone).code());
    assertTrue(Files.readString(alone).contains("data:image/png;base64,"));
  }

  @Test
  void shouldSayThatAKilledRunRunsNoMore() throws IOException {
    LoggedRun.epochs(directory, 1, 1);
    new RunStatus(RunStatus.FORMAT, RunState.RUNNING, "", 10, 20, 1, 10, 60, 9, 0, 0, 0)
        .write(directory);
    Path lock = Files.createFile(directory.resolve(".lock"));
    try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.WRITE);
        var held = channel.lock()) {
      assertTrue(held.isValid());
      assertEquals(0, Program.run("report", directory.toString()).code());
      assertTrue(page().contains("state running"));
    }
    assertEquals(0, Program.run("report", directory.toString()).code());
    assertTrue(page().contains("state stopped"));
    assertTrue(page().contains("no process trains here any more"));
  }

  private String page() throws IOException {
    return Files.readString(directory.resolve("report.html"));
  }

  @Test
  void shouldSayWhenThereIsNoRun() {
    Program none = Program.run("report", directory.resolve("nothing").toString());
    assertEquals(3, none.code());
    assertTrue(none.problems().get(0).contains("no such directory"), none.err());
    Program other = Program.run("report", directory.toString());
    assertEquals(3, other.code());
    assertTrue(other.problems().get(0).contains("has no metrics.jsonl"), other.err());
    assertFalse(Files.exists(directory.resolve("report.html")));
  }
}
