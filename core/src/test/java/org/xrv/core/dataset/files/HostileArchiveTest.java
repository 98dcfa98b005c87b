package org.xrv.core.dataset.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.compressors.gzip.GzipCompressorOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.random.KeyedRandom;

/** Archives that are damaged or mean harm: one line each, and nothing is written anywhere. */
class HostileArchiveTest {
  @TempDir Path root;
  private final Archives archives = new Archives();

  private String problem(String member) {
    DataFile file = DataFolder.of(root, new Archives()).file(member).orElseThrow();
    return line(assertThrows(ProblemException.class, file::bytes));
  }

  private static String line(ProblemException e) {
    assertEquals(ProblemKind.BAD_DATA, e.kind());
    assertEquals(1, e.getMessage().lines().count(), e.getMessage());
    return e.getMessage();
  }

  /** Changes one of the numbers in a .zip's central directory, at an offset in its first entry. */
  private static void patchDirectory(Path zip, int offset, int value) throws IOException {
    byte[] bytes = Files.readAllBytes(zip);
    ByteBuffer all = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int entry = 0;
    while (all.getInt(entry) != 0x02014b50) {
      entry++;
    }
    all.putInt(entry + offset, value);
    Files.write(zip, bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"evil.zip", "evil.tar"})
  void shouldLeaveOutMembersThatLeadOutOfTheArchive(String name) throws IOException {
    new Packer()
        .add("../outside.png", "no")
        .add("/etc/absolute.png", "no")
        .add("images/../../up.png", "no")
        .add("C:\\windows.png", "no")
        .add("images/fine.png", "yes")
        .into(root.resolve("sub").resolve(name));
    DataFolder folder = DataFolder.of(root.resolve("sub"), archives);
    assertEquals(Set.of("images/fine.png"), folder.members().keySet());
    assertEquals(1, archives.problems().size());
    assertTrue(
        archives.problems().get(0).contains(name + ": 4 members are left out")
            && archives.problems().get(0).contains("\"../outside.png\""),
        archives.problems().get(0));
    try (var files = Files.walk(root)) {
      assertEquals(1, files.filter(Files::isRegularFile).count(), "nothing is unpacked");
    }
  }

  private static void special(Path file) throws IOException {
    try (OutputStream out = Files.newOutputStream(file);
        TarArchiveOutputStream tar =
            new TarArchiveOutputStream(
                file.toString().endsWith("gz") ? new GzipCompressorOutputStream(out) : out)) {
      for (byte kind :
          new byte[] {
            TarConstants.LF_SYMLINK,
            TarConstants.LF_LINK,
            TarConstants.LF_CHR,
            TarConstants.LF_BLK,
            TarConstants.LF_FIFO
          }) {
        TarArchiveEntry entry = new TarArchiveEntry("kind" + (char) kind + ".png", kind);
        entry.setLinkName("/etc/passwd");
        tar.putArchiveEntry(entry);
        tar.closeArchiveEntry();
      }
      TarArchiveEntry plain = new TarArchiveEntry("plain.png");
      plain.setSize(3);
      tar.putArchiveEntry(plain);
      tar.write(new byte[] {1, 2, 3});
      tar.closeArchiveEntry();
    }
  }

  @Test
  void shouldLeaveOutLinksAndDevices() throws IOException {
    special(root.resolve("special.tar"));
    assertEquals(Set.of("plain.png"), DataFolder.of(root, archives).members().keySet());
    assertTrue(archives.problems().get(0).contains("5 members are left out"));
  }

  @Test
  void shouldLeaveOutLinksAndDevicesOfAStreamToo() throws IOException {
    special(root.resolve("special.tar.gz"));
    Set<String> seen = new TreeSet<>();
    try (SequentialArchive.Pass pass =
        new SequentialArchive(root.resolve("special.tar.gz")).pass()) {
      while (pass.next()) {
        seen.add(pass.path());
      }
      assertEquals(5, pass.leftOut());
    }
    assertEquals(Set.of("plain.png"), seen);
  }

  @Test
  void shouldRefuseABombBeforeItFillsTheMemory() throws IOException {
    // 300 MB of zeros, which deflate to 300 kB.
    new Packer().add("bomb.png", new byte[300_000_000]).into(root.resolve("bomb.zip"));
    assertTrue(Files.size(root.resolve("bomb.zip")) < 1_000_000);
    String message = problem("bomb.png");
    assertTrue(
        message.contains("bomb.zip!bomb.png") && message.contains("at most 268435456 are read"),
        message);
  }

  @Test
  void shouldRefuseABombWhoseHeaderLies() throws IOException {
    Path zip = new Packer().add("bomb.png", new byte[3_000_000]).into(root.resolve("bomb.zip"));
    patchDirectory(zip, 24, 1000);
    String message = problem("bomb.png");
    assertTrue(
        message.contains("bomb.zip!bomb.png")
            && message.contains("more bytes than the 1000 that the archive says"),
        message);
  }

  @Test
  void shouldRefuseEncryptedMembersAndUnknownMethods() throws IOException {
    Path zip = new Packer().add("a.png", "secret").into(root.resolve("a.zip"));
    patchDirectory(zip, 8, 1 | 8 << 16);
    assertTrue(problem("a.png").contains("a.zip!a.png: cannot be read: it is encrypted"));
    Path lzma = new Packer().add("b.png", "lzma").into(root.resolve("b.zip"));
    patchDirectory(lzma, 10, 14);
    assertTrue(
        problem("b.png").contains("b.zip!b.png: cannot be read: it is packed with a method"));
  }

  @Test
  void shouldNameAMemberWhoseChecksumIsWrong() throws IOException {
    Path zip = new Packer().add("a.png", "X-ray").add("b.png", "X-ray").into(root.resolve("a.zip"));
    patchDirectory(zip, 16, 12345);
    assertTrue(
        problem("a.png").contains("a.zip!a.png: cannot be read: it is damaged: its checksum"));
    assertEquals(5, DataFolder.of(root, archives).file("b.png").orElseThrow().bytes().length);
  }

  private static void cut(Path file, long bytes) throws IOException {
    byte[] all = Files.readAllBytes(file);
    Files.write(file, java.util.Arrays.copyOf(all, (int) (all.length - bytes)));
  }

  @Test
  void shouldReadWhatComesBeforeTheCutInATar() throws IOException {
    Path tar =
        new Packer()
            .add("a.png", new byte[5000])
            .add("b.png", new byte[5000])
            .into(root.resolve("a.tar"));
    cut(tar, Files.size(tar) - 9000);
    DataFolder folder = DataFolder.of(root, archives);
    assertEquals(5000, folder.file("a.png").orElseThrow().bytes().length);
    assertFalse(folder.file("b.png").isPresent());
    assertTrue(
        archives.problems().get(0).contains("a.tar")
            && archives.problems().get(0).contains("cut off within b.png"),
        archives.problems().toString());
  }

  @Test
  void shouldReadWhatComesBeforeTheCutInATarGz() throws IOException {
    byte[] noise = new byte[200_000];
    KeyedRandom random = KeyedRandom.of(1, "noise");
    for (int i = 0; i < noise.length; i++) {
      noise[i] = (byte) random.nextInt(256);
    }
    Path file = new Packer().add("a.png", noise).add("b.png", noise).into(root.resolve("a.tar.gz"));
    cut(file, 100_000);
    try (SequentialArchive.Pass pass = new SequentialArchive(file).pass()) {
      assertTrue(pass.next());
      assertEquals(noise.length, pass.content().length);
      IOException e =
          assertThrows(
              EOFException.class,
              () -> {
                while (pass.next()) {
                  assertEquals(noise.length, pass.content().length);
                }
              });
      assertTrue(DataFile.reason(e).matches("it is cut off.*|Unexpected end.*"), e.toString());
    }
  }

  @Test
  void shouldNoticeADamagedChecksumAtTheEndOfATarGz() throws IOException {
    Path file = new Packer().add("a.png", new byte[1000]).into(root.resolve("a.tar.gz"));
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 7] ^= 1; // CRC-32, then length
    Files.write(file, bytes);
    try (SequentialArchive.Pass pass = new SequentialArchive(file).pass()) {
      assertTrue(pass.next());
      IOException e = assertThrows(IOException.class, pass::next);
      assertTrue(e.getMessage().contains("Corrupt GZIP trailer"), e.getMessage());
    }
  }

  @Test
  void shouldRefuseAHeaderThatWouldFillTheMemory() throws IOException {
    // A "long name" of 200 MB, which deflates to 200 kB.
    Path file = root.resolve("name.tar.gz");
    try (OutputStream out = new GzipCompressorOutputStream(Files.newOutputStream(file));
        TarArchiveOutputStream tar = new TarArchiveOutputStream(out)) {
      TarArchiveEntry name = new TarArchiveEntry("././@LongLink", TarConstants.LF_GNUTYPE_LONGNAME);
      name.setSize(200_000_000);
      tar.putArchiveEntry(name);
      tar.write(new byte[200_000_000]);
      tar.closeArchiveEntry();
    }
    try (SequentialArchive.Pass pass = new SequentialArchive(file).pass()) {
      IOException e = assertThrows(IOException.class, pass::next);
      assertTrue(e.getMessage().contains("a header of more than"), e.getMessage());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"x.zip", "x.tar"})
  void shouldNameAnArchiveThatIsNone(String name) throws IOException {
    for (byte[] content :
        List.of(new byte[0], "PK hello, this is no archive".getBytes(StandardCharsets.UTF_8))) {
      Files.write(root.resolve(name), content);
      ProblemException e =
          assertThrows(
              ProblemException.class, () -> DataFolder.of(root, new Archives()).file("a.png"));
      assertTrue(line(e).contains(name), e.getMessage());
    }
  }

  @Test
  void shouldNameAZipThatIsCutOff() throws IOException {
    Path zip = new Packer().add("a.png", new byte[100]).into(root.resolve("a.zip"));
    cut(zip, 30);
    ProblemException e =
        assertThrows(ProblemException.class, () -> DataFolder.of(root, archives).file("a.png"));
    assertTrue(line(e).contains("a.zip: cannot be read as a zip archive"), e.getMessage());
  }
}
