package org.xrv.trainer.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Data sets open in little memory, and how much that is is said. */
class BenchManifestCommandTest {
  private static final Pattern REPORT =
      Pattern.compile(
          "(?s).*: ([\\d,]+) images in [\\d.]+ s, of which ([\\d.]+) s processor time of the thread"
              + ".* at most ([\\d,]+) MB resident.*");

  @TempDir Path directory;

  private void write(String set, int rows) {
    Program program =
        Program.run(
            "bench", "manifest", "--data=" + set, "--data-root=" + directory, "--rows=" + rows);
    assertEquals(0, program.code(), program.err());
  }

  @ParameterizedTest
  @ValueSource(strings = {"nih", "mimic"})
  void shouldWriteASetAndMeasureOpeningIt(String set) {
    write(set, 1_000);
    Program program = Program.run("bench", "manifest", "--data=" + set, "--data-root=" + directory);
    Matcher report = REPORT.matcher(program.out());
    assertTrue(report.matches(), program.out() + program.err());
    assertEquals("1,000", report.group(1));
  }

  @Test
  void shouldWriteIntoAnEmptyDirectoryOnly() throws IOException {
    Files.writeString(directory.resolve("mine.csv"), "a,b");
    Program program = Program.run("bench", "manifest", "--data-root=" + directory, "--rows=5");
    assertTrue(program.problems().get(0).contains("is not empty"), program.err());
  }

  /** The aim is 3 s and 500 MB; time gets four times that, as a test has no core of its own. */
  @ParameterizedTest
  @CsvSource({"nih, 400000", "mimic, 377110"})
  @Tag("slow")
  void shouldOpenALargeSetInHalfAGigabyte(String set, int rows)
      throws IOException, InterruptedException {
    write(set, rows);
    Path log = Files.createTempFile(directory.getParent(), "bench", ".txt");
    try {
      Program.process(
              log,
              "-Xmx400m",
              List.of("bench", "manifest", "--data=" + set, "--data-root=" + directory))
          .start()
          .waitFor();
      String said = Files.readString(log);
      Matcher report = REPORT.matcher(said);
      assertTrue(report.matches(), said);
      assertEquals(rows, Integer.parseInt(report.group(1).replace(",", "")));
      assertTrue(Integer.parseInt(report.group(3).replace(",", "")) <= 500, said);
      assertTrue(Double.parseDouble(report.group(2)) <= 12, said);
    } finally {
      Files.delete(log);
    }
  }
}
