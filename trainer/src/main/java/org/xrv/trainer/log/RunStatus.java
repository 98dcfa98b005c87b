package org.xrv.trainer.log;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.xrv.core.io.AtomicFiles;

/**
 * How far a run is: status.json. Written over and over while it runs, so that a run that was killed
 * still says RUNNING and the time of the last news.
 *
 * @param format of this document
 * @param message why it ended; empty while it runs and when it is done
 * @param epoch from 1; 0 before the first step
 * @param bestStep the step of the best validation, 0 when there is none yet
 * @param imagesPerSecond since this process began, validation left out
 * @param dataWait share of the time of steps spent waiting for images
 * @param residentBytes memory of the process, 0 where the kernel does not tell
 * @param written seconds since 1970
 */
public record RunStatus(
    int format,
    RunState state,
    String message,
    long step,
    long totalSteps,
    int epoch,
    long bestStep,
    double secondsLeft,
    double imagesPerSecond,
    double dataWait,
    long residentBytes,
    long written) {
  public static final String FILE = "status.json";
  public static final int FORMAT = 1;
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(com.fasterxml.jackson.databind.SerializationFeature.INDENT_OUTPUT)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  public RunStatus {
    Objects.requireNonNull(state);
    message = Objects.requireNonNullElse(message, "");
  }

  /** The same progress in another state. */
  public RunStatus ended(RunState end, String why) {
    return new RunStatus(
        format,
        end,
        why,
        step,
        totalSteps,
        epoch,
        bestStep,
        end == RunState.DONE ? 0 : secondsLeft,
        imagesPerSecond,
        dataWait,
        residentBytes,
        written);
  }

  /** The same progress, written now. */
  public RunStatus at(long time, OptionalLong resident) {
    return new RunStatus(
        format,
        state,
        message,
        step,
        totalSteps,
        epoch,
        bestStep,
        secondsLeft,
        imagesPerSecond,
        dataWait,
        resident.orElse(0),
        time);
  }

  /** A run's status; empty when it has none that can be read. */
  public static Optional<RunStatus> read(Path run) {
    Path file = run.resolve(FILE);
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try {
      return Optional.ofNullable(JSON.readValue(file.toFile(), RunStatus.class));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Writes it into a run's directory. */
  public void write(Path run) {
    try {
      AtomicFiles.write(run.resolve(FILE), JSON.writeValueAsBytes(this));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
