package org.xrv.trainer.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that are empty or cut off, as users meet them: one line and exit code 3. */
class DamagedDataTest {
  private static final double[] CUTS = {0, 0.02, 0.5, 0.9};

  @TempDir Path directory;
  private Path films;

  @BeforeEach
  void drawFilms() {
    films = directory.resolve("films");
    Program drawn =
        Program.run("data", "phantom", "--count=4", "--resolution=32", "--out=" + films);
    assertEquals(0, drawn.code(), drawn.err());
  }

  private static byte[] cut(byte[] whole, double share) {
    return Arrays.copyOf(whole, (int) (whole.length * share));
  }

  private static void refused(Program program, Path named) {
    assertEquals(3, program.code(), program.err() + program.out());
    assertEquals(1, program.problems().size(), program.err());
    assertTrue(program.err().contains(named.getFileName().toString()), program.err());
    assertTrue(!program.err().contains("\tat "), program.err());
  }

  private Program check() {
    return Program.run("data", "check", "nih", "--data-root=" + films, "--partial", "--views=all");
  }

  @Test
  void shouldReadWhatIsWhole() {
    assertEquals(0, check().code(), check().out());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".gz", ".zip"})
  void shouldNameATableThatIsCutOff(String ending) throws IOException {
    Path table = films.resolve("Data_Entry_2017.csv");
    byte[] plain = Files.readAllBytes(table);
    Files.delete(table);
    Path packed = films.resolve(table.getFileName() + ending);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (OutputStream to =
        ending.equals(".gz") ? new GZIPOutputStream(out) : ending.isEmpty() ? out : zip(out)) {
      to.write(plain);
    }
    for (double share : new double[] {0, 0.02, 0.3}) {
      Files.write(packed, cut(out.toByteArray(), share));
      refused(check(), packed);
    }
  }

  private static ZipOutputStream zip(OutputStream out) throws IOException {
    ZipOutputStream zip = new ZipOutputStream(out);
    zip.putNextEntry(new ZipEntry("table.csv"));
    return zip;
  }

  @ParameterizedTest
  @CsvSource({"0", "0.02", "0.5", "0.9"})
  void shouldListAnImageThatIsCutOff(double share) throws IOException {
    Path image;
    try (var files = Files.walk(films)) {
      image = files.filter(f -> f.toString().endsWith(".png")).sorted().findFirst().orElseThrow();
    }
    Files.write(image, cut(Files.readAllBytes(image), share));
    Program program = check();
    assertEquals(3, program.code(), program.err() + program.out());
    assertTrue(program.out().contains(image.getFileName().toString()), program.out());
    assertTrue(program.out().contains("1 thing"), program.out());
  }

  @ParameterizedTest
  @ValueSource(strings = {"images.zip", "images.tar", "images.tar.gz"})
  void shouldNameAnArchiveThatIsCutOff(String name) throws IOException {
    Path archive = films.resolve(name);
    byte[] whole = packed(name);
    for (double share : CUTS) {
      Files.write(archive, cut(whole, share));
      Program program =
          Program.run(
              "data",
              "prepare",
              "nih",
              "--views=all",
              "--data-root=" + films,
              "--resolution=16",
              "--cache=" + directory.resolve("cache" + share));
      if (program.code() != 0) { // before the cut there may be every image
        refused(program, archive);
      }
    }
  }

  private byte[] packed(String name) throws IOException {
    List<Path> images = new ArrayList<>();
    try (var files = Files.walk(films)) {
      files.filter(f -> f.toString().endsWith(".png")).forEach(images::add);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    if (name.endsWith(".zip")) {
      try (ZipOutputStream zip = new ZipOutputStream(out)) {
        for (Path image : images) {
          zip.putNextEntry(new ZipEntry("images/" + image.getFileName()));
          zip.write(Files.readAllBytes(image));
        }
      }
    } else {
      try (TarArchiveOutputStream tar =
          new TarArchiveOutputStream(name.endsWith(".gz") ? new GZIPOutputStream(out) : out)) {
        for (Path image : images) {
          tar.putArchiveEntry(new TarArchiveEntry(image, "images/" + image.getFileName()));
          tar.write(Files.readAllBytes(image));
          tar.closeArchiveEntry();
        }
      }
    }
    for (Path image : images) {
      Files.delete(image);
    }
    return out.toByteArray();
  }

  @Test
  void shouldNameAManifestThatIsCutOff() throws IOException {
    byte[] whole =
        Program.run("data", "manifest", "nih")
            .out()
            .getBytes(java.nio.charset.StandardCharsets.UTF_8);
    Path own = directory.resolve("own.yaml");
    for (double share : new double[] {0, 0.02, 0.1, 0.5}) {
      Files.write(own, cut(whole, share));
      refused(Program.run("data", "check", own.toString(), "--data-root=" + films), own);
    }
    Files.write(own, new byte[3000]);
    refused(Program.run("data", "check", own.toString(), "--data-root=" + films), own);
  }

  @ParameterizedTest
  @ValueSource(strings = {"cache.json", "index.bin", "shard-00000.bin"})
  void shouldNameAFileOfACacheThatIsCutOff(String name) throws IOException {
    Path cache = directory.resolve("cache");
    Program made =
        Program.run(
            "data",
            "prepare",
            "nih",
            "--views=all",
            "--data-root=" + films,
            "--resolution=16",
            "--cache=" + cache);
    assertEquals(0, made.code(), made.err());
    Path file = cache.resolve(name);
    byte[] whole = Files.readAllBytes(file);
    for (double share : CUTS) {
      Files.write(file, cut(whole, share));
      refused(Program.run("bench", "data", "--cache=" + cache, "--rounds=1"), file);
    }
  }
}
