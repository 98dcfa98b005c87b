package org.xrv.trainer.tensorboard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xrv.trainer.log.LoggedRun;
import org.xrv.trainer.log.MetricsLog;
import org.xrv.trainer.log.Pictures;
import org.xrv.trainer.log.RunHistory;

class TensorBoardFolderTest {
  @TempDir Path run;

  private TensorBoardFolder written() throws IOException {
    RunHistory history = new RunHistory(run);
    history.advance();
    TensorBoardFolder folder = new TensorBoardFolder(run, history);
    folder.update();
    return folder;
  }

  private Path onlyFile() throws IOException {
    try (Stream<Path> files = Files.list(run.resolve(TensorBoardFolder.DIRECTORY))) {
      List<Path> all = files.toList();
      assertEquals(1, all.size(), all.toString());
      return all.get(0);
    }
  }

  private List<String> scalars(String tag) throws IOException {
    return EventFile.read(onlyFile()).stream()
        .filter(e -> e.tag().equals(tag) && !Float.isNaN(e.scalar()))
        .map(e -> e.step() + ":" + e.scalar())
        .toList();
  }

  @Test
  void shouldWriteWhatTheLogsHold() throws IOException {
    LoggedRun.epochs(run, 1, 2);
    LoggedRun.picture(run, 1);
    LoggedRun.picture(run, 2);
    written().close();
    List<EventFile.Event> events = EventFile.read(onlyFile());
    assertEquals("brain.Event:2", events.get(0).version());
    assertTrue(events.get(1).start());
    assertEquals(List.of("5:200.0", "10:100.0", "15:66.666664", "20:50.0"), scalars("train/loss"));
    assertEquals(List.of("10:100.0", "20:50.0"), scalars("train/epochLoss"));
    assertEquals(List.of("10:100.0", "20:50.0"), scalars("validation/mae"));
    assertEquals(List.of("10:303.0", "20:303.0"), scalars("validation/meanImageMae"));
    assertEquals(4, scalars("train/lr").size());
    assertEquals(4, scalars("pace/imagesPerSecond").size());
    assertEquals(4, scalars("pace/dataWait").size());
    assertEquals("5:2.0E9", scalars("pace/residentBytes").get(0));
    EventFile.Event loss =
        events.stream().filter(e -> e.tag().equals("train/loss")).findFirst().orElseThrow();
    assertEquals(
        (double) LoggedRun.time(5), loss.time(), "as timing.jsonl says, though written later");
    List<EventFile.Event> images =
        events.stream().filter(e -> e.tag().equals(TensorBoardFolder.PICTURES)).toList();
    assertEquals(2, images.size());
    assertEquals(20, images.get(1).step());
    assertEquals(10, images.get(1).height());
    assertEquals(16, images.get(1).width());
    assertEquals(ByteBuffer.wrap(Files.readAllBytes(Pictures.file(run, 2))), images.get(1).image());
  }

  @Test
  void shouldAppendWhatComesLaterAndAPictureOnceItIsDrawn() throws IOException {
    LoggedRun.epochs(run, 1, 1);
    RunHistory history = new RunHistory(run);
    history.advance();
    try (TensorBoardFolder folder = new TensorBoardFolder(run, history)) {
      folder.update();
      Path first = onlyFile();
      LoggedRun.picture(run, 1);
      LoggedRun.epochs(run, 2, 2);
      history.advance();
      folder.update();
      folder.update();
      assertEquals(first, onlyFile());
    }
    assertEquals(List.of("10:100.0", "20:50.0"), scalars("validation/mae"));
    assertEquals(
        List.of(10L),
        EventFile.read(onlyFile()).stream()
            .filter(e -> e.image().hasRemaining())
            .map(EventFile.Event::step)
            .toList());
  }

  @Test
  void shouldShowNoStepTwiceWhenARunGoesOnFromAnEarlierCheckpoint() throws IOException {
    LoggedRun.epochs(run, 1, 3);
    written().close();
    Path before = onlyFile();
    // The checkpoint after epoch 1 is gone on from.
    List<String> lines = Files.readAllLines(run.resolve(MetricsLog.METRICS));
    Files.write(run.resolve(MetricsLog.METRICS), lines.subList(0, 3));
    LoggedRun.epochs(run, 2, 2);
    written().close();
    assertEquals(List.of("10:100.0", "20:50.0"), scalars("validation/mae"));
    assertTrue(
        onlyFile().getFileName().toString().compareTo(before.getFileName().toString()) > 0,
        "TensorBoard goes on to files of later names only");
  }

  @Test
  void shouldLeaveFilesOfOtherProgramsAlone() throws IOException {
    Path directory = Files.createDirectories(run.resolve(TensorBoardFolder.DIRECTORY));
    Path foreign = Files.writeString(directory.resolve("events.out.tfevents.1.host"), "x");
    written().close();
    assertTrue(Files.exists(foreign));
  }

  @Test
  void shouldBeginAgainWhenItsFileWasDeleted() throws IOException {
    LoggedRun.epochs(run, 1, 1);
    try (TensorBoardFolder folder = written()) {
      Files.delete(onlyFile());
      Files.delete(run.resolve(TensorBoardFolder.DIRECTORY));
      folder.update();
    }
    assertEquals(List.of("10:100.0"), scalars("validation/mae"));
  }

  @Test
  void shouldTryAgainAfterAFailure() throws IOException {
    LoggedRun.epochs(run, 1, 1);
    Path directory = run.resolve(TensorBoardFolder.DIRECTORY);
    Files.writeString(directory, "in the way");
    RunHistory history = new RunHistory(run);
    history.advance();
    try (TensorBoardFolder folder = new TensorBoardFolder(run, history)) {
      assertThrows(IOException.class, folder::update);
      assertThrows(IOException.class, folder::update);
      Files.delete(directory);
      folder.update();
    }
    assertEquals(List.of("10:100.0"), scalars("validation/mae"));
  }

  @Test
  void shouldNotBringADeletedRunBack() throws IOException {
    Path gone = run.resolve("gone");
    RunHistory history = new RunHistory(gone);
    try (TensorBoardFolder folder = new TensorBoardFolder(gone, history)) {
      assertThrows(IOException.class, folder::update);
    }
    assertFalse(Files.exists(gone));
  }

  /** TensorBoard's own reader, where a Python that has it is present. */
  @Test
  void shouldBeReadByTensorBoard() throws IOException, InterruptedException {
    Path python = python();
    Assumptions.assumeTrue(
        Files.isExecutable(python)
            && Files.exists(Path.of(System.getProperty("xrv.shared"), "peers", "peer-env.sh")),
        "needs the peer environment's Python with tensorboard, " + python);
    LoggedRun.epochs(run, 1, 3);
    LoggedRun.picture(run, 1);
    LoggedRun.picture(run, 3);
    written().close();
    String script =
        """
        import sys
        from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
        events = EventAccumulator(sys.argv[1], size_guidance={'scalars': 0, 'images': 0}).Reload()
        for tag in sorted(events.Tags()['scalars']):
            print(tag, *(f'{e.step}:{e.value:.6g}' for e in events.Scalars(tag)))
        for tag in events.Tags()['images']:
            print(tag, *(f'{e.step}:{e.width}x{e.height}:{len(e.encoded_image_string)}'
                         for e in events.Images(tag)))
        """;
    Process process =
        new ProcessBuilder(
                python.toString(),
                "-c",
                script,
                run.resolve(TensorBoardFolder.DIRECTORY).toString())
            .redirectErrorStream(true)
            .start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), out);
    List<String> lines = new ArrayList<>(out.lines().toList());
    assertTrue(lines.contains("train/loss 5:200 10:100 15:66.6667 20:50 25:40 30:33.3333"), out);
    assertTrue(lines.contains("validation/mae 10:100 20:50 30:33.3333"), out);
    assertTrue(lines.contains("pace/dataWait 5:0.25 10:0.25 15:0.25 20:0.25 25:0.25 30:0.25"), out);
    assertTrue(
        lines.contains(
            "validation/reconstructions 10:16x10:"
                + Files.size(Pictures.file(run, 1))
                + " 30:16x10:"
                + Files.size(Pictures.file(run, 3))),
        out);
  }

  /** Where peer-env.sh makes it; XDG_CACHE_HOME is another one within tests. */
  private static Path python() {
    return Path.of(System.getProperty("user.home"), ".cache", "peer-env", "bin", "python");
  }
}
