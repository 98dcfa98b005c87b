package org.xrv.core.error;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class OutcomesTest {
  @Test
  void shouldGiveTheResult() {
    assertEquals(7, Outcomes.of(CompletableFuture.completedFuture(7), "counting"));
  }

  @Test
  void shouldThrowWhatTheWorkThrew() {
    Exception problem = new ProblemException(ProblemKind.DISK, "full");
    assertSame(
        problem, assertThrows(ProblemException.class, () -> failed(problem), "as it was thrown"));
    Error error = new OutOfMemoryError("test");
    assertSame(error, assertThrows(OutOfMemoryError.class, () -> failed(error)));
    IOException checked = new IOException("test");
    assertSame(
        checked, assertThrows(IllegalStateException.class, () -> failed(checked)).getCause());
  }

  @Test
  void shouldStayInterrupted() {
    Thread.currentThread().interrupt();
    String message =
        assertThrows(
                IllegalStateException.class,
                () -> Outcomes.of(new CompletableFuture<>(), "checking images"))
            .getMessage();
    assertTrue(Thread.interrupted());
    assertEquals("interrupted while checking images", message);
  }

  private static void failed(Throwable with) {
    Outcomes.of(CompletableFuture.failedFuture(with), "failing");
  }
}
