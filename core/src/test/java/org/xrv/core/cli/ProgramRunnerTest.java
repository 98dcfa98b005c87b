package org.xrv.core.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

class ProgramRunnerTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Command(name = "xrv-try", mixinStandardHelpOptions = true, versionProvider = Version.class)
  static final class Try implements Program, Callable<Integer> {
    @Mixin private CommonOptions common;

    @Option(names = "--bottleneck")
    private int bottleneck;

    @Override
    public CommonOptions common() {
      return common;
    }

    @Override
    public ExitCodes exitCodes() {
      return ExitCodes.common()
          .with(5, "out of memory", ProblemKind.OUT_OF_MEMORY)
          .with(12, "disk", ProblemKind.DISK);
    }

    @Override
    public Integer call() {
      if (bottleneck == 1) {
        throw new ProblemException(ProblemKind.DISK, "the disk\n is full");
      }
      if (bottleneck == 2) {
        throw new IllegalStateException("broken");
      }
      if (bottleneck == 3) {
        throw new OutOfMemoryError("Java heap space");
      }
      return 0;
    }
  }

  private int run(String... args) {
    return ProgramRunner.run(
        new Try(), new PrintWriter(out, true), new PrintWriter(err, true), args);
  }

  @Test
  void shouldSayWhatIsWrongInOneLineAndEndWithItsCode() {
    assertEquals(12, run("--bottleneck", "1"));
    assertEquals("xrv-try: the disk is full" + System.lineSeparator(), err.toString());
    assertEquals("", out.toString());
  }

  @Test
  void shouldSuggestTheOptionThatWasMeant() {
    assertEquals(2, run("--botleneck", "4608"));
    assertTrue(err.toString().contains("--bottleneck'?"), err.toString());
    assertEquals(1, err.toString().lines().count());
  }

  @Test
  void shouldRefuseAWrongValueInOneLine() {
    assertEquals(2, run("--bottleneck", "many"));
    assertTrue(err.toString().contains("'many'"), err.toString());
    assertEquals(1, err.toString().lines().count());
  }

  @Test
  void shouldShowAStackTraceOnRequestOnly() {
    assertEquals(1, run("--bottleneck", "2"));
    assertFalse(err.toString().contains("\tat "));
    assertEquals(1, run("--bottleneck", "2", "--stacktrace"));
    assertTrue(err.toString().contains("\tat org.xrv"));
  }

  @Test
  void shouldExplainThatMemoryRanOut() {
    assertEquals(5, run("--bottleneck", "3"));
    assertTrue(err.toString().contains("out of memory"), err.toString());
  }

  @Test
  void shouldListItsExitCodes() {
    assertEquals(0, run("--help"));
    assertTrue(out.toString().contains("12"), out.toString());
    assertTrue(out.toString().contains("Exit codes:"));
  }
}
