package org.xrv.trainer.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xrv.core.config.ConfigTree;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;

class RunDirectoryTest {
  private static final ConfigTree CONFIG = ConfigTree.parse("settings", "train:\n  lr: 0.1\n");
  @TempDir Path directory;

  private RunDirectory open(Path run) {
    return RunDirectory.open(run, CONFIG, Resume.AUTO, line -> {});
  }

  private List<Path> leftovers(Path run) throws IOException {
    String uuid = "-0f8fad5b-d9cb-469f-a165-70867728950e";
    List<Path> files =
        List.of(
            run.resolve(".tmp-config.yaml" + uuid),
            run.resolve(".tmp-export" + uuid + "/decoder.onnx"),
            run.resolve(".tmp-replaced-export/decoder.onnx"));
    for (Path file : files) {
      Files.createDirectories(file.getParent());
      Files.writeString(file, "half");
    }
    return files;
  }

  @Test
  void shouldSweepUpWhatKilledProcessesLeft() throws IOException {
    Path run = directory.resolve("run");
    open(run).close();
    List<Path> left = leftovers(run);
    Path others = Files.writeString(run.resolve(".tmp-of-another-program"), "");
    open(run).close();
    for (Path file : left) {
      assertFalse(Files.exists(file), file.toString());
    }
    assertTrue(Files.exists(others));
  }

  @Test
  void shouldSweepNothingWhereNoRunWas() throws IOException {
    List<Path> files = leftovers(directory);
    open(directory).close();
    for (Path file : files) {
      assertTrue(Files.exists(file), file.toString());
    }
  }

  @Test
  void shouldBelongToOneAtATime() {
    Path run = directory.resolve("run");
    try (RunDirectory first = open(run)) {
      ProblemException e = assertThrows(ProblemException.class, () -> open(run));
      assertEquals(ProblemKind.USAGE, e.kind());
      assertEquals(
          "another process trains in " + first.path() + "; choose another --out", e.getMessage());
    }
    open(run).close();
  }
}
