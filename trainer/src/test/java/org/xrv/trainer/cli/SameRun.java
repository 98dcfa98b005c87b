package org.xrv.trainer.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.xrv.core.io.AtomicFiles;
import org.xrv.trainer.checkpoint.CheckpointStore;

/** Two runs of one recipe, of which one was disturbed. */
final class SameRun {
  private SameRun() {}

  /** Everything that is a function of the settings is the same, to the last bit. */
  static void assertSame(Path expected, Path actual) throws IOException {
    assertEquals(CheckpointStore.steps(expected), CheckpointStore.steps(actual));
    List<String> files = new ArrayList<>(List.of("metrics.jsonl", "metrics.csv"));
    for (String directory : List.of("checkpoints", "pictures", "export")) {
      try (Stream<Path> all = Files.walk(expected.resolve(directory))) {
        all.filter(Files::isRegularFile)
            .map(f -> expected.relativize(f).toString())
            .filter(f -> !f.endsWith("provenance.json"))
            .forEach(files::add);
      }
    }
    for (String file : files) {
      assertArrayEquals(bytes(expected, file), bytes(actual, file), file);
    }
    assertNothingLeftBehind(actual);
  }

  /** A copy of a run's directory. */
  static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path path : all.toList()) {
        Files.copy(path, to.resolve(from.relativize(path).toString()));
      }
    }
  }

  /** No temporary names in a run. */
  static void assertNothingLeftBehind(Path run) throws IOException {
    try (Stream<Path> all = Files.walk(run)) {
      assertEquals(
          List.of(),
          all.filter(f -> f.getFileName().toString().startsWith(AtomicFiles.TEMPORARY)).toList());
    }
  }

  private static byte[] bytes(Path run, String file) throws IOException {
    return Files.readAllBytes(run.resolve(file));
  }
}
