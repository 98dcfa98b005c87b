package org.xrv.trainer.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Training in a process of its own that is left without memory. */
@Tag("slow")
class MemoryShortageProcessTest {
  @TempDir Path directory;

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
