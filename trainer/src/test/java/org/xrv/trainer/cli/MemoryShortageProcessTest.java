package org.xrv.trainer.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Training in a process of its own that is left without memory. */
@Tag("slow")
class MemoryShortageProcessTest {
  @TempDir Path directory;

  @Test
  void shouldSayWhichBatchSizeWouldHaveFitted() throws IOException, InterruptedException {
    Assumptions.assumeTrue(
        System.getProperty("os.name").equals("Linux"), "ulimit -v binds on Linux only");
    Path log = directory.resolve("log");
    assertEquals(5, withLittleMemory(64, log), Files.readString(log));
    String text = Files.readString(log);
    Matcher advice =
        Pattern.compile(
                "out of memory in the engine at batch size 64; try --batch (\\d+) \\(each image"
                    + " takes about \\d+ MB, and memory ended at [0-9.]+ GB\\)")
            .matcher(text);
    assertTrue(advice.find(), text);
    Path second = directory.resolve("second log");
    int fits = Integer.parseInt(advice.group(1));
    assertTrue(fits < 64, text);
    assertEquals(0, withLittleMemory(fits, second), Files.readString(second));
  }

  private int withLittleMemory(int batch, Path log) throws IOException, InterruptedException {
    String command =
        "ulimit -v 6500000; exec "
            + Path.of(System.getProperty("java.home"), "bin", "java")
            + " -Xmx600m -XX:ReservedCodeCacheSize=64m -XX:CompressedClassSpaceSize=64m -cp "
            + System.getProperty("java.class.path")
            + " "
            + XrvTrain.class.getName()
            + " --latent=512x3x3 --depth=50 --preset=short --epochs=1 --limit-batches=1"
            + " --set=data.phantom.count=70 --set=data.validationFraction=0.05 --batch="
            + batch
            + " --out="
            + directory.resolve("run-" + batch);
    ProcessBuilder builder = new ProcessBuilder("sh", "-c", command);
    builder.environment().put("MALLOC_ARENA_MAX", "2");
    Process process = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
    assertTrue(process.waitFor(5, TimeUnit.MINUTES));
    return process.exitValue();
  }
}
