package org.xrv.trainer.tensorboard;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.xrv.core.io.AtomicFiles;
import org.xrv.trainer.log.LogLine;
import org.xrv.trainer.log.Pictures;
import org.xrv.trainer.log.PngSize;
import org.xrv.trainer.log.RunHistory;

/**
 * The directory that TensorBoard reads. Each process that goes on with a run writes one new event
 * file from all that the run has logged and its pictures, then appends to it: a run that went back
 * to an earlier checkpoint shows no step twice. After a failure, too, a whole new file is made.
 *
 * <p>Tags: train/NAME for the numbers of steps, validation/NAME for those of epochs, pace/NAME for
 * those of timing.jsonl.
 */
public final class TensorBoardFolder implements AutoCloseable {
  /** Within a run's directory. */
  public static final String DIRECTORY = "tensorboard";

  static final String PICTURES = "validation/reconstructions";

  /** TensorBoard reads any name with "tfevents" in it, and files in the order of their names. */
  private static final String PREFIX = "events.out.tfevents.";

  private static final String SUFFIX = ".xrv";

  /** Not "tfevents": TensorBoard would read it. */
  private static final String TEMPORARY = AtomicFiles.TEMPORARY + "events";

  private static final String TRAIN_LOSS = "trainLoss";
  private static final String TIME = "time";

  private final Path run;
  private final RunHistory history;
  private final Map<Moment, Double> times = new HashMap<>();
  private Path path;
  private RecordFile file;
  private int metricsDone;
  private int timingDone;
  private final List<LogLine> withoutPicture = new ArrayList<>();

  private record Moment(LogLine.Kind kind, long step) {
    static Moment of(LogLine line) {
      return new Moment(line.kind(), line.step());
    }
  }

  /** Writes nothing yet: {@link #update} does. */
  public TensorBoardFolder(Path run, RunHistory history) {
    this.run = run;
    this.history = history;
  }

  /**
   * Brings the event file to what the history holds.
   *
   * @throws IOException when it cannot be written; the next call begins a new file
   */
  public void update() throws IOException {
    try {
      if (file == null || !Files.exists(path)) {
        close();
        begin();
      } else {
        append();
      }
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  private void begin() throws IOException {
    metricsDone = 0;
    timingDone = 0;
    withoutPicture.clear();
    Path directory = run.resolve(DIRECTORY);
    // Not with the parents: a run that was deleted does not come back.
    if (!Files.isDirectory(directory)) {
      Files.createDirectory(directory);
    }
    List<Path> earlier = eventFiles(directory);
    Path temporary = directory.resolve(TEMPORARY);
    Files.deleteIfExists(temporary);
    try {
      file = RecordFile.create(temporary);
      double now = now();
      file.add(Events.version(now));
      file.add(Events.start(now));
      append();
      path = directory.resolve(name(earlier));
      Files.move(temporary, path, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      close();
      Files.deleteIfExists(temporary);
      throw e;
    }
    for (Path old : earlier) {
      Files.deleteIfExists(old);
    }
  }

  /** Sorts after the earlier ones, even when the clock was set back. */
  private static String name(List<Path> earlier) {
    long number = System.currentTimeMillis() / 1000;
    for (Path old : earlier) {
      String name = old.getFileName().toString();
      number =
          Math.max(
              number,
              1 + Long.parseLong(name.substring(PREFIX.length(), name.length() - SUFFIX.length())));
    }
    return String.format(Locale.ROOT, "%s%010d%s", PREFIX, number, SUFFIX);
  }

  /** Those that this class wrote: other programs' files are left alone. */
  private static List<Path> eventFiles(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(
              f -> f.getFileName().toString().matches("events\\.out\\.tfevents\\.\\d{10}\\.xrv"))
          .toList();
    }
  }

  private void append() throws IOException {
    List<LogLine> timing = history.timing();
    for (; timingDone < timing.size(); timingDone++) {
      pace(timing.get(timingDone));
    }
    List<LogLine> metrics = history.metrics();
    for (; metricsDone < metrics.size(); metricsDone++) {
      metrics(metrics.get(metricsDone));
    }
    pictures();
    file.flush();
  }

  private void pace(LogLine line) throws IOException {
    Double time = line.values().get(TIME);
    if (time != null) {
      times.put(Moment.of(line), time);
    }
    // Those of epochs are means since the process began.
    if (line.kind() == LogLine.Kind.STEP) {
      for (var value : line.values().entrySet()) {
        if (!value.getKey().equals(TIME)) {
          scalar(line, "pace/" + value.getKey(), value.getValue());
        }
      }
    }
  }

  private void metrics(LogLine line) throws IOException {
    boolean step = line.kind() == LogLine.Kind.STEP;
    for (var value : line.values().entrySet()) {
      String name = value.getKey();
      String tag =
          name.equals(TRAIN_LOSS) ? "train/epochLoss" : (step ? "train/" : "validation/") + name;
      scalar(line, tag, value.getValue());
    }
    if (!step) {
      withoutPicture.add(line);
    }
  }

  private void scalar(LogLine line, String tag, double value) throws IOException {
    file.add(Events.scalar(time(line), line.step(), tag, value));
  }

  /** An epoch's line comes before its picture; networks that draw none never have one. */
  private void pictures() throws IOException {
    for (var waiting = withoutPicture.iterator(); waiting.hasNext(); ) {
      LogLine line = waiting.next();
      Path picture = Pictures.file(run, line.epoch());
      if (Files.isRegularFile(picture)) {
        file.add(
            Events.image(
                time(line),
                line.step(),
                PICTURES,
                PngSize.of(picture),
                Files.readAllBytes(picture)));
        waiting.remove();
      }
    }
  }

  /** When a line was written: metrics.jsonl, which is reproducible, does not say. */
  private double time(LogLine line) {
    Double known = times.get(Moment.of(line));
    return known == null ? now() : known;
  }

  private static double now() {
    return System.currentTimeMillis() / 1000.0;
  }

  /** Ends the file; a later update begins a new one. */
  @Override
  public void close() throws IOException {
    if (file != null) {
      file.close();
      file = null;
    }
  }
}
