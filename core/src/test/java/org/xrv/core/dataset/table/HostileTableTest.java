package org.xrv.core.dataset.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xrv.core.dataset.Sample;
import org.xrv.core.fuzz.Sturdy;

/** Tables as programs, disks and people break them. */
class HostileTableTest {
  private static final String FIRST = "00000001_000.png,Mass,0,1,57,M,PA,1,2,3,4";
  private static final String SECOND = "00000002_000.png,No Finding,0,2,80,F,AP,1,2,3,4";
  private static final String TABLE = NihFixture.TABLE_2020;

  @TempDir Path root;
  private NihFixture nih;

  @BeforeEach
  void makeImages() {
    nih = new NihFixture(root).image("images/00000001_000.png").image("images/00000002_000.png");
  }

  private void table(byte[] content) throws IOException {
    Files.write(root.resolve(TABLE), content);
  }

  private void lines(String between, String... rows) throws IOException {
    table(String.join(between, rows).getBytes(StandardCharsets.UTF_8));
  }

  private String refusal() {
    return Sturdy.reads(TABLE, nih::open).orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r\n", "\r"})
  void shouldReadEveryKindOfLineEnd(String end) throws IOException {
    lines(end, "\uFEFF" + NihFixture.HEADER_2020, FIRST, SECOND, "");
    assertEquals(
        List.of("nih:1", "nih:2"), nih.open().samples().stream().map(Sample::patient).toList());
  }

  @Test
  void shouldNameTheSpellingsAndTheHeaderWhereAColumnIsMissing() throws IOException {
    lines("\n", NihFixture.HEADER_2020.replace("Finding Labels", "Labels"), FIRST);
    assertTrue(
        refusal().contains("no column \"Finding Labels\"; the columns are Image Index | Labels |"),
        refusal());
  }

  @Test
  void shouldNotBreakTheLineWhereACellDoes() throws IOException {
    lines("\n", NihFixture.HEADER_2020, FIRST.replace("Mass", "\"Mas\n\r\u2028s\u0007\""));
    assertTrue(refusal().contains("row 2: unknown finding"), refusal());
  }

  @Test
  void shouldMissTheImageOfANameWithANulByte() throws IOException {
    lines("\n", NihFixture.HEADER_2020, FIRST, SECOND.replace("00000002", "0000\00002"));
    assertEquals(1, nih.open().samples().size());
    assertTrue(nih.warnings.get(0).contains("1 of 2"), nih.warnings.get(0));
  }

  @Test
  void shouldReadNamesThatAreNoUtf8() throws IOException {
    String accents = FIRST + ",\u00e9\u00f1";
    table(
        (NihFixture.HEADER_2020 + ",Report\n" + accents + "\n" + SECOND + ",x")
            .getBytes(StandardCharsets.ISO_8859_1));
    assertEquals(2, nih.open().samples().size());
  }

  @Test
  void shouldSayThatAQuoteIsNotClosedWithoutReadingAllTheRest() throws IOException {
    ByteArrayOutputStream table = new ByteArrayOutputStream();
    table.writeBytes(
        (NihFixture.HEADER_2020 + "\n\"" + FIRST + "\n").getBytes(StandardCharsets.UTF_8));
    byte[] row = (SECOND + "\n").getBytes(StandardCharsets.UTF_8);
    while (table.size() < 12_000_000) {
      table.writeBytes(row);
    }
    table(table.toByteArray());
    assertTrue(refusal().contains("is a quote not closed?"), refusal());
  }

  @Test
  void shouldRefuseALineOfAHundredMegabytes() throws IOException {
    byte[] zeros = new byte[1 << 20];
    Arrays.fill(zeros, (byte) '0');
    try (OutputStream out =
        new GZIPOutputStream(Files.newOutputStream(root.resolve(TABLE + ".gz")))) {
      out.write((NihFixture.HEADER_2020 + "\n").getBytes(StandardCharsets.UTF_8));
      for (int i = 0; i < 100; i++) {
        out.write(zeros);
      }
    }
    assertTrue(refusal().contains("a row has more than"), refusal());
  }

  @Test
  void shouldNotRepeatAMegabyteInItsMessage() throws IOException {
    lines("\n", NihFixture.HEADER_2020, FIRST.replace("Mass", "x".repeat(1 << 20)));
    assertTrue(refusal().length() < 5000, refusal().length() + " characters");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n", "\uFEFF", "\0", "\"", ",", "PK\3\4", "\37\213"})
  void shouldSayWhatIsNoTable(String content) throws IOException {
    lines("", content);
    refusal();
  }

  @Test
  void shouldTellOfEveryCutOfAPackedTable() throws IOException {
    ByteArrayOutputStream gz = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(gz)) {
      out.write(String.join("\n", NihFixture.HEADER_2020, FIRST).getBytes(StandardCharsets.UTF_8));
    }
    for (int length = 0; length < gz.size(); length += 7) {
      Files.write(root.resolve(TABLE + ".gz"), Arrays.copyOf(gz.toByteArray(), length));
      refusal();
    }
  }

  @Test
  void shouldRefuseABoxThatIsTooFarOutToHaveASize() throws IOException {
    lines("\n", NihFixture.HEADER_2020, FIRST, SECOND);
    nih.file(NihFixture.BOXES, NihFixture.BOX_HEADER, "00000001_000.png,Mass,1e300,5,1,1,,,");
    String refusal =
        Sturdy.reads(
                NihFixture.BOXES, () -> nih.open().mask(nih.open().samples().get(0), "Mass", 16))
            .orElseThrow();
    assertTrue(refusal.contains("row 2: a box at 1.0E300"), refusal);
  }

  @Test
  void shouldNameASplitListThatIsDamaged() throws IOException {
    lines("\n", NihFixture.HEADER_2020, FIRST, SECOND);
    ByteArrayOutputStream gz = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(gz)) {
      out.write("00000001_000.png\n".repeat(50).getBytes(StandardCharsets.UTF_8));
    }
    Files.write(root.resolve("test_list.txt.gz"), Arrays.copyOf(gz.toByteArray(), gz.size() - 12));
    assertTrue(Sturdy.reads("test_list.txt.gz", nih::open).isPresent());
  }
}
