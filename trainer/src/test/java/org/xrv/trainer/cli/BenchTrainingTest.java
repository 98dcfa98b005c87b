package org.xrv.trainer.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Training steps measured, alone and in turns with another program (here a shell script). */
@DisabledOnOs(OS.WINDOWS)
class BenchTrainingTest {
  private static final List<String> SMALL =
      List.of(
          "bench",
          "--depth=50",
          "--width=0.0625",
          "--bottleneck=64",
          "--resolution=32",
          "--batch=4",
          "--warm-up=1",
          "--steps=2");

  @TempDir Path directory;

  private static Program bench(String... more) {
    List<String> args = new ArrayList<>(SMALL);
    args.addAll(List.of(more));
    return Program.run(args.toArray(String[]::new));
  }

  private Path script(String text) throws IOException {
    return Files.writeString(directory.resolve("peer.sh"), text);
  }

  @Test
  void shouldMeasureOnSeveralDevices() {
    Program program = bench("--devices=cpu,cpu");
    assertEquals(0, program.code(), program.err());
    assertTrue(program.out().contains("cpu() + cpu()"), program.out());
    assertTrue(Pattern.compile("\\d\\.\\d+ img/s median").matcher(program.out()).find());
    Program uneven = bench("--accumulate=3");
    assertEquals(2, uneven.code());
    assertTrue(uneven.err().contains("batches of 4 cannot be cut into 3 equal parts"));
  }

  @Test
  void shouldTakeTurnsWithAnother() throws IOException {
    Path peer =
        script(
            "case ${MALLOC_ARENA_MAX:-plain} in plain) echo \"$1 $2 $3: 0.50 img/s median\";;"
                + " *) echo \"$1: 2.00 img/s median\"; esac\n");
    Program program = bench("--peer=/bin/sh", "--peer-script=" + peer, "--rounds=2");
    assertEquals(0, program.code(), program.err());
    List<String> lines = program.out().lines().toList();
    assertEquals(1 + 2 * 4 + 4, lines.size(), program.out());
    assertTrue(lines.get(1).startsWith("round 1, ours, fp32 channels-last: "), lines.get(1));
    assertTrue(lines.get(5).startsWith("round 2, ours"), "in turns: " + lines.get(5));
    assertTrue(lines.get(10).contains("peer, fp32, plain environment: 0.50 img/s (0.50 to 0.50)"));
    // The build sets the launcher's variables.
    assertTrue(lines.get(12).contains("peer, fp32cl, our malloc settings: 2.00 img/s"));
    assertTrue(lines.get(12).contains("; ours is "), lines.get(12));
  }

  @Test
  void shouldNameAScriptThatIsNotThere() {
    Program program = bench("--peer=/bin/sh", "--peer-script=/no/such.py");
    assertEquals(2, program.code());
    assertTrue(program.err().contains("--peer-script /no/such.py: no such file"), program.err());
  }
}
