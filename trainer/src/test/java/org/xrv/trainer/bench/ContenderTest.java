package org.xrv.trainer.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.trainer.bench.Contender.MallocSettings;

@DisabledOnOs(OS.WINDOWS)
class ContenderTest {
  private static Contender shell(String text) {
    return new Contender("peer", List.of("/bin/sh", "-c", text), MallocSettings.NONE);
  }

  @Test
  void shouldTakeTheLastRate() {
    assertEquals(2.5, shell("echo 1.0 img/s; echo 2.50 img/s; echo bye").run(60).imagesPerSecond());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "echo no torch; exit 3 | it ended with code 3: no torch",
        "echo done | it ended with code 0: done",
        "exec sleep 20 | it took more than 1 s",
      })
  void shouldSayWhatWentWrong(String text, String reason) {
    ProblemException e = assertThrows(ProblemException.class, () -> shell(text).run(1));
    assertEquals(ProblemKind.USAGE, e.kind());
    assertTrue(e.getMessage().contains(reason), e.getMessage());
  }

  @Test
  void shouldNameAProgramThatDoesNotStart() {
    Contender missing =
        new Contender("peer", List.of("/no/such/python", "x.py"), MallocSettings.NONE);
    ProblemException e = assertThrows(ProblemException.class, () -> missing.run(1));
    assertTrue(e.getMessage().contains("/no/such/python"), e.getMessage());
  }
}
