package org.xrv.trainer.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xrv.core.config.ConfigTree;
import org.xrv.trainer.log.ProcessMemory;

/** {@code --batch auto}: as many images a step as memory holds and an epoch can do with. */
class BatchAutoTest {
  @TempDir Path directory;

  /** The tiny recipe, with another batch size and more images. */
  private static Program train(Path out, int images, String... more) {
    List<String> args = new ArrayList<>(Program.TINY);
    args.removeIf(a -> a.startsWith("--batch") || a.contains("phantom.count"));
    args.add("--set=data.phantom.count=" + images);
    args.add("--out=" + out);
    args.addAll(Arrays.asList(more));
    return Program.run(args.toArray(String[]::new));
  }

  private static int batch(Path run) {
    return ConfigTree.read(run.resolve("config.yaml")).root().path("train").path("batch").asInt();
  }

  @Test
  void shouldDecideOnceAndKeepTheDecision() {
    Assumptions.assumeTrue(ProcessMemory.resident().isPresent(), "this system tells no memory");
    Path run = directory.resolve("run");
    Program first = train(run, 90, "--batch=auto", "--limit-batches=2");
    assertEquals(0, first.code(), first.err());
    assertTrue(first.err().contains("batch auto: looking at the memory"), first.err());
    assertTrue(
        first.err().contains("an epoch of 78 training images should have 10 steps"), first.err());
    // Which leaves 7 a step; sizes are 1, 2, 3, 4, 6, 8, 12 ...
    assertEquals(6, batch(run), first.err());

    Program again = train(run, 90, "--batch=auto", "--limit-batches=2");
    assertEquals(0, again.code(), again.err());
    assertFalse(again.err().contains("looking at the memory"), again.err());
    assertTrue(again.err().contains("going on from step 4"), again.err());
  }

  @Test
  void shouldChooseABatchThatTheDevicesCanShare() {
    Assumptions.assumeTrue(ProcessMemory.resident().isPresent(), "this system tells no memory");
    Path run = directory.resolve("run");
    Program program = train(run, 90, "--batch-size=auto", "--accumulate=3", "--limit-batches=1");
    assertEquals(0, program.code(), program.err());
    assertEquals(6, batch(run), program.err());
  }

  @Test
  void shouldRefuseWhatIsNoNumberAndWhatAutoCannotDecide() {
    Program many = train(directory.resolve("run"), 24, "--batch=many");
    assertEquals(2, many.code(), many.err());
    assertTrue(many.err().contains("--batch is 'many'; expected a number"), many.err());
    Program overfit = train(directory.resolve("run"), 24, "--batch=auto", "--overfit-batch");
    assertEquals(2, overfit.code(), overfit.err());
    assertTrue(overfit.err().contains("give --batch a number"), overfit.err());
  }
}
