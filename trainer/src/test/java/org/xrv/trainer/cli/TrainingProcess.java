package org.xrv.trainer.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.xrv.core.random.KeyedRandom;
import org.xrv.trainer.checkpoint.CheckpointStore;

/** xrv-train in a process of its own, to be killed; never outlives a test. */
final class TrainingProcess implements AutoCloseable {
  private static final int MINUTES = 5;
  private final Path run;
  private final Path log;
  private final Process process;

  private TrainingProcess(Path run, Path log, Process process) {
    this.run = run;
    this.log = log;
    this.process = process;
  }

  /** The tiny recipe with more arguments. */
  static List<String> arguments(Path run, String... more) {
    List<String> args = new ArrayList<>(Program.TINY);
    args.add("--out=" + run);
    args.addAll(Arrays.asList(more));
    return args;
  }

  static TrainingProcess start(Path run, String... more) throws IOException {
    Path log = Files.createTempFile(run.toAbsolutePath().getParent(), "log-", ".txt");
    return new TrainingProcess(run, log, Program.process(log, arguments(run, more)).start());
  }

  /** With limits that a shell sets before, such as "ulimit -f 1000". */
  static TrainingProcess limited(String limits, Path run, String... more) throws IOException {
    Path log = Files.createTempFile(run.toAbsolutePath().getParent(), "log-", ".txt");
    ProcessBuilder builder = Program.process(log, arguments(run, more));
    List<String> command = new ArrayList<>(List.of("sh", "-c", limits + "; exec \"$@\"", "sh"));
    command.addAll(builder.command());
    return new TrainingProcess(run, log, builder.command(command).start());
  }

  private void await(BooleanSupplier reached) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(MINUTES);
    while (process.isAlive() && !reached.getAsBoolean()) {
      assertTrue(System.nanoTime() < end, this::log);
      Thread.sleep(5);
    }
  }

  /** Waits until this process has trained a step. */
  TrainingProcess awaitTraining() throws InterruptedException {
    await(() -> log().lines().anyMatch(l -> l.startsWith("step ")));
    return this;
  }

  /**
   * Kills it somewhere among the steps after the next checkpoint.
   *
   * @return false when it had ended before
   */
  boolean killAtRandom(KeyedRandom random, int milliseconds)
      throws IOException, InterruptedException {
    List<Long> before = CheckpointStore.steps(run);
    await(() -> !CheckpointStore.steps(run).equals(before));
    boolean ended = process.waitFor(random.nextInt(milliseconds), TimeUnit.MILLISECONDS);
    process.destroyForcibly().waitFor();
    return !ended;
  }

  void signal(String name) throws IOException, InterruptedException {
    Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
    assertTrue(kill.waitFor() == 0, "kill -" + name);
  }

  /** Waits for its end and tells the exit code. */
  int end() throws InterruptedException {
    assertTrue(process.waitFor(MINUTES, TimeUnit.MINUTES), this::log);
    return process.exitValue();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** What it said on both streams. */
  String log() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** The lines that begin with the program's name: what went wrong. */
  List<String> problems() {
    return log().lines().filter(l -> l.startsWith("xrv-train")).toList();
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
