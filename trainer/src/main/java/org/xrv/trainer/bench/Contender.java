package org.xrv.trainer.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.trainer.log.ProcessMemory;

/**
 * A program that measures its own training steps and prints "N img/s"; the last such number counts.
 *
 * @param name as it stands in the table
 * @param command the program and its arguments
 * @param environment what it gets of this process's environment
 */
public record Contender(String name, List<String> command, MallocSettings environment) {
  private static final Pattern RATE = Pattern.compile("([0-9]+\\.[0-9]+) img/s");
  private static final int LAST_LINES = 5;

  /** Whether a contender runs with the launcher's settings of malloc and OpenMP, or with none. */
  public enum MallocSettings {
    /** As this process has them. */
    KEPT,
    /** Those of malloc as this process has them, OpenMP's default. */
    MALLOC_ONLY,
    /** A plain environment. */
    NONE;

    boolean keeps(String variable) {
      return switch (this) {
        case KEPT -> true;
        case MALLOC_ONLY -> !variable.startsWith("GOMP_") && !variable.startsWith("OMP_");
        case NONE ->
            !variable.startsWith("GOMP_")
                && !variable.startsWith("OMP_")
                && !variable.startsWith("MALLOC_");
      };
    }
  }

  /**
   * What a run measured.
   *
   * @param imagesPerSecond of its median step
   * @param peakBytes the most that was resident; empty where the kernel does not tell
   */
  public record Turn(double imagesPerSecond, OptionalLong peakBytes) {}

  public Contender {
    command = List.copyOf(command);
  }

  /**
   * Runs it once, to its end.
   *
   * @throws ProblemException USAGE when it cannot be started, fails, takes longer or prints no rate
   */
  Turn run(long mostSeconds) {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().keySet().removeIf(variable -> !environment.keeps(variable));
    try {
      Process process = builder.start();
      try {
        return watch(process, mostSeconds);
      } finally {
        process.destroyForcibly();
      }
    } catch (IOException e) {
      throw failed(e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for " + name, e);
    }
  }

  private Turn watch(Process process, long mostSeconds) throws IOException, InterruptedException {
    Path log = Files.createTempFile("contender", ".log");
    try {
      Thread reader = new Thread(() -> copy(process, log), "output of " + name);
      reader.setDaemon(true);
      reader.start();
      OptionalLong peak = OptionalLong.empty();
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(mostSeconds);
      // The kernel's peak is of the whole life so far: the last answer is within a moment of all.
      while (!process.waitFor(200, TimeUnit.MILLISECONDS)) {
        OptionalLong now = ProcessMemory.peak(process.pid());
        peak = now.isPresent() ? now : peak;
        if (System.nanoTime() > end) {
          throw failed("it took more than " + mostSeconds + " s");
        }
      }
      reader.join();
      return new Turn(rate(process.exitValue(), Files.readAllLines(log)), peak);
    } finally {
      Files.deleteIfExists(log);
    }
  }

  private static void copy(Process process, Path log) {
    try (BufferedReader out =
            new BufferedReader(
                new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        var to = Files.newBufferedWriter(log)) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        to.write(line);
        to.newLine();
      }
    } catch (IOException e) {
      // The process was ended.
    }
  }

  private double rate(int code, List<String> lines) {
    double rate = Double.NaN;
    Deque<String> last = new ArrayDeque<>();
    for (String line : lines) {
      Matcher m = RATE.matcher(line);
      rate = m.find() ? Double.parseDouble(m.group(1)) : rate;
      last.addLast(line);
      if (last.size() > LAST_LINES) {
        last.removeFirst();
      }
    }
    if (code != 0 || !(rate > 0)) {
      throw failed("it ended with code " + code + ": " + String.join(" | ", last));
    }
    return rate;
  }

  private ProblemException failed(String why) {
    return new ProblemException(
        ProblemKind.USAGE, name + " (" + String.join(" ", command) + "): " + why);
  }
}
