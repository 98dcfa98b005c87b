package org.xrv.trainer.log;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunStatusTest {
  @TempDir Path run;

  @Test
  void shouldComeBackAsItWasWritten() {
    RunStatus status =
        new RunStatus(
            RunStatus.FORMAT, RunState.STOPPED, "by \"me\"", 5, 9, 2, 4, 1.5, 20, 0.1, 7, 8);
    status.write(run);
    assertEquals(Optional.of(status), RunStatus.read(run));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "[]", "{\"format\":1}", "{\"state\":\"ASLEEP\"}", "null"})
  void shouldHaveNoneWhereTheFileIsDamaged(String text) throws IOException {
    Files.writeString(run.resolve(RunStatus.FILE), text);
    assertEquals(Optional.empty(), RunStatus.read(run));
  }
}
