package org.xrv.trainer.log;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.io.AtomicFiles;

/** A file of one JSON object per line, appended to, and cut back when a run goes on from before. */
public final class MetricsLog implements AutoCloseable {
  /** What a run's numbers are; equal for equal settings, however often the run was stopped. */
  public static final String METRICS = "metrics.jsonl";

  /** How long things took: not reproducible, therefore apart. */
  public static final String TIMING = "timing.jsonl";

  /** The key of a validation's numbers by group, such as a classifier's target. */
  public static final String DETAILS = "details";

  /** What a validation's line has beside the metrics: when it was, of how many images. */
  private static final List<String> CIRCUMSTANCES =
      List.of("step", "epoch", "trainLoss", "validationImages");

  private static final ObjectMapper JSON = new ObjectMapper();
  private final Path file;
  private final FileChannel channel;

  private MetricsLog(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /**
   * Opens a log and keeps its first bytes only.
   *
   * @throws ProblemException BAD_DATA when it has fewer, or a line would be cut
   */
  public static MetricsLog openAt(Path file, long length) {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      FileChannel channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      if (channel.size() < length || !endsLine(channel, length)) {
        long size = channel.size();
        channel.close();
        throw new ProblemException(
            ProblemKind.BAD_DATA,
            file
                + " was changed: the checkpoint continues it at byte "
                + length
                + " of "
                + size
                + ", which is not the end of a line; put it back or start with --resume never");
      }
      channel.truncate(length);
      channel.position(length);
      return new MetricsLog(file, channel);
    } catch (IOException e) {
      throw AtomicFiles.disk(file, e);
    }
  }

  /** Opens a log to append to the whole lines that it holds. */
  public static MetricsLog append(Path file) {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      FileChannel channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      // A disk that was full, or power that failed, leaves half a line.
      long length = channel.size();
      while (!endsLine(channel, length)) {
        length--;
      }
      channel.truncate(length);
      channel.position(length);
      return new MetricsLog(file, channel);
    } catch (IOException e) {
      throw AtomicFiles.disk(file, e);
    }
  }

  /**
   * The metrics of the validation after a step.
   *
   * @return numbers by name, in the order of the file
   * @throws ProblemException BAD_DATA when the file has no such line
   */
  public static Map<String, Double> epoch(Path file, long step) {
    return numbers(line(file, step));
  }

  /**
   * More numbers of the validation after a step, by group and name.
   *
   * @throws ProblemException BAD_DATA when the file has no such line
   */
  public static Map<String, Map<String, Double>> details(Path file, long step) {
    Map<String, Map<String, Double>> details = new LinkedHashMap<>();
    line(file, step)
        .path(DETAILS)
        .properties()
        .forEach(e -> details.put(e.getKey(), numbers(e.getValue())));
    return details;
  }

  /** Of a validation's numbers those that say how good the model is. */
  public static Map<String, Double> quality(Map<String, Double> epoch) {
    Map<String, Double> quality = new LinkedHashMap<>(epoch);
    quality.keySet().removeAll(CIRCUMSTANCES);
    return quality;
  }

  private static JsonNode line(Path file, long step) {
    try (Stream<String> lines = Files.lines(file, StandardCharsets.UTF_8)) {
      return lines
          .map(line -> parsed(file, line))
          .filter(
              node ->
                  node.path("kind").asText().equals("epoch") && node.path("step").asLong() == step)
          .findFirst()
          .orElseThrow(
              () ->
                  new ProblemException(
                      ProblemKind.BAD_DATA, file + " has no validation after step " + step));
    } catch (IOException e) {
      throw new ProblemException(ProblemKind.BAD_DATA, file + ": " + e.getMessage(), e);
    }
  }

  /** The losses of steps that a log has, in its order. */
  public static List<Double> losses(Path file) {
    try (Stream<String> lines = Files.lines(file, StandardCharsets.UTF_8)) {
      return lines
          .map(line -> parsed(file, line))
          .filter(node -> node.path("kind").asText().equals("step"))
          .map(node -> node.path("loss").asDouble())
          .toList();
    } catch (IOException e) {
      throw new ProblemException(ProblemKind.BAD_DATA, file + ": " + e.getMessage(), e);
    }
  }

  private static JsonNode parsed(Path file, String line) {
    try {
      return JSON.readTree(line);
    } catch (JsonProcessingException e) {
      throw new ProblemException(ProblemKind.BAD_DATA, file + ": not a line of JSON: " + line, e);
    }
  }

  private static Map<String, Double> numbers(JsonNode line) {
    Map<String, Double> numbers = new LinkedHashMap<>();
    line.properties()
        .forEach(
            e -> {
              if (e.getValue().isNumber()) {
                numbers.put(e.getKey(), e.getValue().asDouble());
              }
            });
    return numbers;
  }

  /** Appends one line; the map's order is the order in the file. */
  public void add(Map<String, ?> values) {
    try {
      ByteBuffer line =
          ByteBuffer.wrap(
              (JSON.writeValueAsString(values) + "\n").getBytes(StandardCharsets.UTF_8));
      while (line.hasRemaining()) {
        channel.write(line);
      }
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("cannot write as JSON: " + values, e);
    } catch (IOException e) {
      throw AtomicFiles.disk(file, e);
    }
  }

  /** Puts all lines on the disk and tells their length in bytes. */
  public long sync() {
    try {
      channel.force(true);
      return channel.position();
    } catch (IOException e) {
      throw AtomicFiles.disk(file, e);
    }
  }

  private static boolean endsLine(FileChannel channel, long length) throws IOException {
    if (length == 0) {
      return true;
    }
    ByteBuffer last = ByteBuffer.allocate(1);
    return channel.read(last, length - 1) == 1 && last.get(0) == '\n';
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw AtomicFiles.disk(file, e);
    }
  }
}
