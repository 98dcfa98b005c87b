package org.xrv.trainer.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xrv.core.error.ProblemException;

class MetricsLogTest {
  @TempDir Path directory;

  @Test
  void shouldGoOnAtTheLengthOfACheckpoint() throws IOException {
    Path file = directory.resolve("metrics.jsonl");
    long length;
    try (MetricsLog log = MetricsLog.openAt(file, 0)) {
      log.add(Map.of("step", 1));
      length = log.sync();
      log.add(Map.of("step", 2));
    }
    try (MetricsLog log = MetricsLog.openAt(file, length)) {
      log.add(Map.of("loss", 0.1));
    }
    assertEquals("{\"step\":1}\n{\"loss\":0.1}\n", Files.readString(file));
  }

  @Test
  void shouldAppendToWholeLines() throws IOException {
    Path file = directory.resolve("timing.jsonl");
    for (String left : new String[] {"", "{\"step\":1}\n"}) {
      for (String half : new String[] {"", "{", "{\"step\":2,\"time"}) {
        Files.writeString(file, left + half);
        try (MetricsLog log = MetricsLog.append(file)) {
          log.add(Map.of("step", 3));
        }
        assertEquals(left + "{\"step\":3}\n", Files.readString(file));
      }
    }
  }

  @Test
  void shouldRefuseAFileThatIsNotTheCheckpoints() throws IOException {
    Path file = directory.resolve("metrics.jsonl");
    Files.writeString(file, "{\"step\":1}\n");
    for (long length : new long[] {12, 10, 400}) {
      ProblemException e =
          assertThrows(ProblemException.class, () -> MetricsLog.openAt(file, length));
      assertTrue(e.getMessage().contains("was changed"), e.getMessage());
    }
    assertEquals("{\"step\":1}\n", Files.readString(file));
  }
}
