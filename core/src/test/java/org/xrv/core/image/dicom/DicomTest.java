package org.xrv.core.image.dicom;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xrv.core.dataset.Sample;
import org.xrv.core.dataset.folder.FolderDataset;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.image.ImageFiles;
import org.xrv.core.image.Preprocessing;
import org.xrv.core.image.RawImage;

/** Small files, right and wrong in one way each. */
class DicomTest {
  @TempDir Path folder;

  private DicomImage read(DicomBytes bytes) {
    Path file = folder.resolve("x.dcm");
    bytes.write(file);
    return Dicom.read(file);
  }

  private String problem(DicomBytes bytes) {
    ProblemException e = assertThrows(ProblemException.class, () -> read(bytes));
    assertEquals(ProblemKind.BAD_DATA, e.kind());
    assertEquals(1, e.getMessage().lines().count(), e.getMessage());
    assertTrue(e.getMessage().contains("x.dcm: "), e.getMessage());
    return e.getMessage();
  }

  private static void assertXray(int pixels, int[] stored) {
    int[] expected = new int[pixels];
    Arrays.setAll(expected, i -> i * 7 % 4096);
    assertArrayEquals(expected, stored);
  }

  @Test
  void shouldBeReadByContentWhateverTheName() {
    Path file = folder.resolve("looks-like.png");
    DicomBytes.xray(5, 7).write(file);
    RawImage image = ImageFiles.read(file);
    assertEquals(5, image.height());
    assertEquals(7, image.width());
    assertEquals(4095, image.maxValue());
    assertXray(35, image.samples());
  }

  @Test
  void shouldBeAnImageOfAFolder() {
    DicomBytes.xray(40, 50).write(folder.resolve("a.DCM"));
    DicomBytes.jpegXray(40, 50).write(folder.resolve("b.dicom"));
    FolderDataset dataset = new FolderDataset(folder);
    assertEquals(List.of("a.DCM", "b.dicom"), dataset.samples().stream().map(Sample::id).toList());
    assertArrayEquals(
        Preprocessing.apply(ImageFiles.read(folder.resolve("a.DCM")), 32).pixels(),
        dataset.image(dataset.samples().get(0), 32).pixels());
  }

  @Test
  void shouldReadAFileWithoutPreamble() {
    DicomBytes bytes = DicomBytes.xray(5, 7).text(0x0008_0060, "DX").withoutPreamble();
    assertXray(35, read(bytes).stored());
    assertXray(35, ImageFiles.read(folder.resolve("x.dcm")).samples());
  }

  @Test
  void shouldStepOverSequencesOfKnownAndOpenLength() {
    byte[] inner = DicomBytes.items(new byte[6]);
    ByteArrayOutputStream open = new ByteArrayOutputStream();
    open.writeBytes(DicomBytes.item(Tags.ITEM, -1));
    open.writeBytes(new byte[] {8, 0, 0x60, 0, 'C', 'S', 2, 0, 'D', 'X'});
    open.writeBytes(new byte[] {8, 0, 0x61, 0, 'S', 'Q', 0, 0, -1, -1, -1, -1});
    open.writeBytes(inner);
    open.writeBytes(DicomBytes.item(Tags.ITEM_END, 0));
    open.writeBytes(DicomBytes.items(new byte[4]));
    assertXray(
        35,
        read(DicomBytes.xray(5, 7)
                .element(0x0008_1110, "SQ", DicomBytes.items(new byte[10]))
                .open(0x0008_1115, "SQ", open.toByteArray())
                .open(0x0009_1001, "UN", inner))
            .stored());
  }

  @Test
  void shouldReadRunsAndLiteralBytes() {
    int[] stored =
        read(DicomBytes.rleXray(9, 33).number(Tags.BITS_STORED, 16).number(Tags.HIGH_BIT, 15))
            .stored();
    for (int i = 0; i < stored.length; i++) {
      assertEquals((i / 64 % 16 << 8) | (i * 7 & 0xff), stored[i]);
    }
  }

  @Test
  void shouldJoinFragmentsOfOneFrame() {
    byte[] jpeg = DicomBytes.jpeg(40, 50);
    int[] whole = read(DicomBytes.jpegXray(40, 50)).stored();
    int cut = jpeg.length / 4 * 2;
    int[] joined =
        read(DicomBytes.jpegXray(40, 50)
                .fragments(Arrays.copyOf(jpeg, cut), Arrays.copyOfRange(jpeg, cut, jpeg.length)))
            .stored();
    assertArrayEquals(whole, joined);
  }

  @Test
  void shouldReadExtendedJpegOfEightBits() {
    byte[] jpeg = DicomBytes.jpeg(16, 24);
    for (int i = 0; i + 1 < jpeg.length; i++) {
      if ((jpeg[i] & 0xff) == 0xFF && (jpeg[i + 1] & 0xff) == 0xC0) {
        jpeg[i + 1] = (byte) 0xC1; // each baseline image is an extended one too
      }
    }
    assertArrayEquals(
        read(DicomBytes.jpegXray(16, 24)).stored(),
        read(DicomBytes.jpegXray(16, 24).syntax("1.2.840.10008.1.2.4.51").fragments(jpeg))
            .stored());
  }

  @Test
  void shouldReadTheFirstOfSeveralFrames() {
    byte[] twice = new byte[140];
    byte[] frame = new byte[70];
    Arrays.fill(frame, (byte) 9);
    System.arraycopy(frame, 0, twice, 70, 70);
    DicomBytes two =
        DicomBytes.xray(5, 7).element(Tags.FRAMES, "IS", "2".getBytes(StandardCharsets.US_ASCII));
    assertArrayEquals(new int[35], read(two.element(Tags.PIXEL_DATA, "OW", twice)).stored());

    byte[] jpeg = DicomBytes.jpeg(16, 24);
    DicomBytes frames = DicomBytes.jpegXray(16, 24);
    int[] first = read(frames).stored();
    frames.text(Tags.FRAMES, "2");
    assertArrayEquals(first, read(frames.fragments(jpeg, new byte[10])).stored());
    assertTrue(problem(frames.fragments(jpeg)).contains("several frames"));

    // Two fragments for the first frame: the table says where the second begins.
    int cut = jpeg.length / 4 * 2;
    byte[] head = Arrays.copyOf(jpeg, cut);
    byte[] tail = Arrays.copyOfRange(jpeg, cut, jpeg.length);
    int second = 8 + cut + 8 + tail.length + tail.length % 2;
    byte[] table = {0, 0, 0, 0, (byte) second, (byte) (second >> 8), (byte) (second >> 16), 0};
    frames.open(Tags.PIXEL_DATA, "OB", DicomBytes.items(table, head, tail, new byte[10]));
    assertArrayEquals(first, read(frames).stored());
    byte[] wide = new byte[16];
    System.arraycopy(table, 4, wide, 8, 4);
    frames.element(Tags.EXTENDED_OFFSETS, "OV", wide).fragments(head, tail, new byte[10]);
    assertArrayEquals(first, read(frames).stored());
  }

  @Test
  void shouldGiveSignedSamplesTheirSignFromTheStoredBits() {
    DicomImage image =
        read(
            DicomBytes.xray(1, 3)
                .number(Tags.PIXEL_REPRESENTATION, 1)
                .element(Tags.PIXEL_DATA, "OW", new byte[] {(byte) 0xFF, 0x0F, 0, 8, 1, 0}));
    assertArrayEquals(new int[] {-1, -2048, 1}, image.stored());
    assertArrayEquals(new int[] {2047, 0, 2049}, image.samples());
  }

  @Test
  void shouldTakeTheBitsBelowTheHighBit() {
    byte[] shifted = {0x50, 0x12};
    assertArrayEquals(
        new int[] {0x125},
        read(DicomBytes.xray(1, 1)
                .number(Tags.HIGH_BIT, 15)
                .element(Tags.PIXEL_DATA, "OW", shifted))
            .stored());
  }

  @ParameterizedTest
  @CsvSource({
    "MONOCHROME1,1,true",
    "MONOCHROME1,-1,false",
    "MONOCHROME2,-2,true",
    "MONOCHROME2,3,false"
  })
  void shouldInvertByPhotometricInterpretationAndSlope(
      String photometric, String slope, boolean inverted) {
    DicomImage image =
        read(
            DicomBytes.xray(2, 2)
                .text(Tags.PHOTOMETRIC, photometric)
                .text(Tags.RESCALE_SLOPE, slope)
                .text(Tags.RESCALE_INTERCEPT, "-100"));
    assertArrayEquals(
        inverted ? new int[] {4095, 4088, 4081, 4074} : new int[] {0, 7, 14, 21}, image.samples());
  }

  @ParameterizedTest
  @CsvSource({"0,11", "1,31"})
  void shouldReadRedOfColours(int planar, int second) {
    DicomImage image =
        read(
            DicomBytes.xray(1, 2)
                .number(Tags.BITS_ALLOCATED, 8)
                .number(Tags.BITS_STORED, 8)
                .number(Tags.HIGH_BIT, 7)
                .number(Tags.SAMPLES_PER_PIXEL, 3)
                .number(Tags.PLANAR, planar)
                .text(Tags.PHOTOMETRIC, "RGB")
                .element(Tags.PIXEL_DATA, "OB", new byte[] {10, 31, 20, 11, 30, 21}));
    assertArrayEquals(new int[] {10, planar == 0 ? second : 31}, image.stored());
  }

  @Test
  void shouldRefuseSizesThatNoFileHolds() {
    DicomBytes huge = DicomBytes.xray(4, 4).number(Tags.ROWS, 60000).number(Tags.COLUMNS, 60000);
    assertTrue(problem(huge).contains("declares 60000 x 60000 pixels"));
    assertTrue(problem(huge.number(Tags.ROWS, 500)).contains("60000"));
    assertTrue(problem(DicomBytes.xray(4, 4).number(Tags.ROWS, 5)).contains("holds 32 bytes"));
    assertTrue(problem(DicomBytes.xray(4, 4).number(Tags.ROWS, 0)).contains("empty"));
    assertTrue(problem(DicomBytes.xray(4, 4).text(Tags.FRAMES, "999999999999")).contains("frames"));
    assertTrue(problem(DicomBytes.rleXray(4, 4).number(Tags.ROWS, 5000)).contains("fewer than"));
    assertTrue(problem(DicomBytes.jpegXray(8, 8).number(Tags.ROWS, 5000)).contains("8 x 8"));
    assertTrue(
        problem(DicomBytes.jpeg2000Xray(32, 32).number(Tags.ROWS, 5000)).contains("32 x 32"));
  }

  @Test
  void shouldRefuseAFileThatInflatesToGigabytes() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(DicomBytes.xray(1, 1).syntax("1.2.840.10008.1.2.1.99").bytes());
    byte[] start = Arrays.copyOf(out.toByteArray(), 132 + 8 + 22);
    out.reset();
    out.writeBytes(start);
    try (DeflaterOutputStream deflated = new DeflaterOutputStream(out, new Deflater(9, true))) {
      byte[] zeros = new byte[1 << 20];
      for (int i = 0; i < 200; i++) {
        deflated.write(zeros);
      }
    }
    Path file = folder.resolve("bomb.dcm");
    Files.write(file, out.toByteArray());
    ProblemException e = assertThrows(ProblemException.class, () -> Dicom.read(file));
    assertTrue(e.getMessage().contains("inflates to"), e.getMessage());
  }

  @Test
  void shouldSayWhatIsWrongWithTheHeader() {
    assertTrue(problem(DicomBytes.xray(4, 4).without(Tags.ROWS)).contains("Rows (0028,0010)"));
    assertTrue(problem(DicomBytes.xray(4, 4).without(Tags.PIXEL_DATA)).contains("PixelData"));
    assertTrue(
        problem(
                DicomBytes.xray(4, 4)
                    .number(Tags.BITS_STORED, 8)
                    .number(Tags.HIGH_BIT, 7)
                    .number(Tags.ROWS, 3)
                    .element(Tags.PIXEL_DATA, "OW", filled(32)))
            .contains("BitsStored 8"));
    assertTrue(
        problem(DicomBytes.xray(4, 4).number(Tags.BITS_ALLOCATED, 32))
            .contains("BitsAllocated is 32"));
    assertTrue(problem(DicomBytes.xray(4, 4).text(Tags.RESCALE_SLOPE, "one")).contains("'one'"));
    assertTrue(
        problem(DicomBytes.xray(4, 4).text(Tags.RESCALE_SLOPE, "0")).contains("RescaleSlope"));
    assertTrue(
        problem(DicomBytes.xray(4, 4).text(Tags.PHOTOMETRIC, "PALETTE COLOR"))
            .contains("'PALETTE COLOR' is not read"));
    assertTrue(problem(DicomBytes.xray(4, 4).syntax("1.2.3.4")).contains("'1.2.3.4' is not known"));
    assertTrue(
        problem(DicomBytes.xray(4, 4).syntax("1.2.840.10008.1.2.4.201"))
            .contains("High-Throughput JPEG 2000"));
  }

  private static byte[] filled(int size) {
    byte[] bytes = new byte[size];
    Arrays.fill(bytes, (byte) 1);
    return bytes;
  }
}
