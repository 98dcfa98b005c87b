package org.xrv.core.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class ProgressTest {
  private final StringWriter text = new StringWriter();

  @Test
  void shouldWriteOverItsLineOnATerminal() {
    Progress progress = Progress.on(new PrintWriter(text), true, false);
    progress.update(() -> "step 1");
    progress.line("a line that stays");
    assertTrue(text.toString().startsWith("\rstep 1\r      \ra line that stays"), text.toString());
  }

  @Test
  void shouldWriteFewPlainLinesIntoALog() {
    Progress progress = Progress.on(new PrintWriter(text), false, false);
    for (int i = 0; i < 1000; i++) {
      int step = i;
      progress.update(() -> "step " + step);
    }
    assertEquals("step 0", text.toString().strip());
    assertFalse(text.toString().contains("\r\r"));
  }

  @Test
  void shouldKeepQuietExceptForWarnings() {
    Progress progress = Progress.on(new PrintWriter(text), true, true);
    progress.update(() -> "step 1");
    progress.line("line");
    progress.warning("odd");
    assertEquals("warning: odd", text.toString().strip());
  }
}
