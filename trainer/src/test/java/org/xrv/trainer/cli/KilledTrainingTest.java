package org.xrv.trainer.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xrv.core.random.KeyedRandom;

/** Training in a process of its own that is killed, stopped or left without disk. */
@Tag("slow")
class KilledTrainingTest {
  @TempDir Path directory;

  private static List<String> args(Path run, int epochs) {
    List<String> args = new ArrayList<>(Program.TINY);
    args.removeIf(a -> a.startsWith("--epochs="));
    args.add("--epochs=" + epochs);
    args.add("--out=" + run);
    // A checkpoint at every step: a random kill often hits the writing of one.
    args.add("--set=checkpoint.everySteps=1");
    return args;
  }

  private int finish(Path run, int epochs) throws IOException, InterruptedException {
    Process process = Program.process(directory.resolve("log"), args(run, epochs)).start();
    assertTrue(process.waitFor(5, TimeUnit.MINUTES));
    return process.exitValue();
  }

  private static byte[] bytes(Path run, String file) throws IOException {
    return Files.readAllBytes(run.resolve(file));
  }

  private static void assertSameRun(Path expected, Path actual) throws IOException {
    Path last;
    try (Stream<Path> steps = Files.list(expected.resolve("checkpoints"))) {
      last =
          steps
              .filter(p -> p.getFileName().toString().startsWith("step-"))
              .max(
                  java.util.Comparator.comparingInt(
                      p -> Integer.parseInt(p.getFileName().toString().substring(5))))
              .orElseThrow();
    }
    String checkpoint = "checkpoints/" + last.getFileName();
    for (String file :
        List.of(
            "metrics.jsonl",
            checkpoint + "/model.safetensors",
            checkpoint + "/optimizer.safetensors",
            "export/decoder.onnx")) {
      assertArrayEquals(bytes(expected, file), bytes(actual, file), file);
    }
  }

  @Test
  void shouldEndLikeARunNeverStoppedAfterKillsAtRandomMoments()
      throws IOException, InterruptedException {
    Path whole = directory.resolve("whole");
    assertEquals(0, finish(whole, 6), Files.readString(directory.resolve("log")));
    Path killed = directory.resolve("killed");
    KeyedRandom random = KeyedRandom.of(20261123, "kill");
    int kills = 0;
    for (int round = 0; round < 8; round++) {
      Process process = Program.process(directory.resolve("log"), args(killed, 6)).start();
      if (!process.waitFor(1500 + random.nextInt(3000), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly().waitFor();
        kills++;
      }
    }
    assertTrue(kills > 0, "no round was killed");
    assertEquals(0, finish(killed, 6), Files.readString(directory.resolve("log")));
    assertSameRun(whole, killed);
  }

  @Test
  void shouldSaveAndEndWith75OnSigterm() throws IOException, InterruptedException {
    Path whole = directory.resolve("whole");
    assertEquals(0, finish(whole, 15));
    Path stopped = directory.resolve("stopped");
    Process process = Program.process(directory.resolve("log2"), args(stopped, 15)).start();
    Path steps = stopped.resolve("checkpoints");
    for (int i = 0; i < 300 && !Files.isDirectory(steps); i++) {
      Thread.sleep(100);
    }
    process.destroy();
    assertTrue(process.waitFor(1, TimeUnit.MINUTES));
    String log = Files.readString(directory.resolve("log2"));
    assertEquals(75, process.exitValue(), log);
    assertTrue(log.contains("stopped by SIGTERM"), log);
    assertTrue(log.contains("start the same command again to go on"), log);
    assertEquals(0, finish(stopped, 15));
    assertSameRun(whole, stopped);
  }

  @Test
  void shouldSayThatTheDiskIsFullAndGoOnWhenThereIsSpace()
      throws IOException, InterruptedException {
    Path disk = Files.createDirectories(directory.resolve("disk"));
    Process mount =
        new ProcessBuilder("mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", disk.toString())
            .redirectErrorStream(true)
            .start();
    Assumptions.assumeTrue(mount.waitFor() == 0, "this user may not mount a small tmpfs");
    try {
      Path run = disk.resolve("run");
      Path filler = disk.resolve("filler");
      Files.write(filler, new byte[5 << 20]);
      int code = finish(run, 6);
      String log = Files.readString(directory.resolve("log"));
      assertEquals(12, code, log);
      List<String> problems =
          log.lines().filter(l -> l.startsWith("xrv-train: cannot write")).toList();
      assertEquals(1, problems.size(), log);
      Files.delete(filler);
      assertEquals(0, finish(run, 6), Files.readString(directory.resolve("log")));
    } finally {
      new ProcessBuilder("umount", disk.toString()).start().waitFor();
    }
  }

  @Test
  void shouldSayWhichBatchSizeToTryWhenMemoryRunsOut() throws IOException, InterruptedException {
    Assumptions.assumeTrue(
        System.getProperty("os.name").equals("Linux"), "ulimit -v binds on Linux only");
    String command =
        "ulimit -v 6500000; exec "
            + Path.of(System.getProperty("java.home"), "bin", "java")
            + " -Xmx300m -XX:ReservedCodeCacheSize=64m -XX:CompressedClassSpaceSize=64m -cp "
            + System.getProperty("java.class.path")
            + " "
            + XrvTrain.class.getName()
            + " --latent=512x3x3 --depth=50 --preset=short --batch=64 --epochs=1"
            + " --set=data.phantom.count=70 --set=data.validationFraction=0.05 --out="
            + directory.resolve("run");
    ProcessBuilder builder = new ProcessBuilder("sh", "-c", command);
    builder.environment().put("MALLOC_ARENA_MAX", "2");
    Path log = directory.resolve("log");
    Process process = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
    assertTrue(process.waitFor(5, TimeUnit.MINUTES));
    String text = Files.readString(log);
    assertEquals(5, process.exitValue(), text);
    assertTrue(text.contains("out of memory in the engine at batch size 64; try --batch 32"), text);
  }
}
