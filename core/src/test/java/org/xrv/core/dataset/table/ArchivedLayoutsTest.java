package org.xrv.core.dataset.table;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xrv.core.dataset.OnMissing;
import org.xrv.core.dataset.Sample;
import org.xrv.core.dataset.files.Packer;
import org.xrv.core.dataset.manifest.DataManifests;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.image.Resize;

/** Sets in the archives that they are shipped in read as the unpacked ones do. */
class ArchivedLayoutsTest {
  @TempDir Path root;
  private final List<String> warnings = new ArrayList<>();

  private TableDataset open(String name, Path directory) {
    return new TableDataset(
        DataManifests.builtIn(name), List.of(directory), Set.of(), warnings::add);
  }

  private static void assertSame(TableDataset expected, TableDataset actual) {
    assertEquals(expected.samples(), actual.samples());
    for (Sample sample : expected.samples()) {
      assertEquals(expected.person(sample), actual.person(sample));
      assertArrayEquals(pixels(expected, sample), pixels(actual, sample), sample.id());
      for (String target : sample.labels().keySet()) {
        assertEquals(
            expected.mask(sample, target, 16).isPresent(),
            actual.mask(sample, target, 16).isPresent());
      }
    }
  }

  /** None of a broken image; PadChest has some. */
  private static float[] pixels(TableDataset dataset, Sample sample) {
    try {
      return dataset.image(sample, 64).pixels();
    } catch (ProblemException e) {
      return new float[0];
    }
  }

  /** Everything below a directory. */
  private static Packer all(Path directory, String below) throws IOException {
    Packer packer = new Packer();
    try (var files = Files.walk(directory)) {
      for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile).sorted()::iterator) {
        packer.add(below + directory.relativize(file).toString().replace('\\', '/'), file);
      }
    }
    return packer;
  }

  @ParameterizedTest
  @CsvSource({
    "nih, NIH, '', x.zip",
    "nih, NIH, '', x.tar",
    "pc, PADCHEST_SYNTHETIC_IDS, '', x.zip",
    "rsna, RSNA/rsna-pneumonia-detection-challenge, '', x.zip",
    "siim, SIIM, '', siim.zip",
    "chex, CheXpert_SYNTHETIC_IDS, '', x.zip",
    "mimic, MIMIC-CXR-JPG_SYNTHETIC_IDS/2.0.0, mimic-cxr-jpg-images-and-labels-2.0.0/, x.zip",
    "mimic, MIMIC-CXR-JPG_SYNTHETIC_IDS, '', x.tar",
  })
  void shouldReadOneArchiveOfEverything(String name, String folder, String below, String file)
      throws IOException {
    Layouts original = Layouts.original(name, folder);
    Path archive = all(original.root, below).into(root.resolve(file));
    TableDataset expected = original.open();
    assertTrue(expected.samples().size() > 0);
    assertSame(expected, open(name, root));
    assertSame(expected, open(name, archive));
    assertEquals(List.of(), warnings.stream().filter(w -> w.contains("archive")).toList());
  }

  @Test
  void shouldReadPadChestsArchivesBesideItsTable() throws IOException {
    Layouts original = Layouts.original("pc", "PADCHEST_SYNTHETIC_IDS");
    // As shipped, 0.zip has flat names and the table lies beside it.
    for (String file : List.of("0.zip", "PADCHEST_chest_x_ray_images_labels_160K_01.02.19.csv")) {
      Files.copy(original.root.resolve(file), root.resolve(file));
    }
    TableDataset whole = original.open();
    TableDataset packed = open("pc", root);
    assertEquals(whole.samples().subList(0, 2), packed.samples(), "the archive has two images");
    assertEquals(root.resolve("0.zip") + "!" + packed.samples().get(0).id(), file(packed));
    assertArrayEquals(
        pixels(whole, whole.samples().get(0)), pixels(packed, packed.samples().get(0)));
  }

  private static String file(TableDataset dataset) {
    return dataset.file(dataset.samples().get(0)).toString();
  }

  @Test
  void shouldReadKagglesNih() {
    NihFixture nih = new NihFixture(root.resolve("files")).standardTable().standardImages("images");
    Path images = nih.root.resolve("images");
    Path archive =
        new Packer()
            .add("Data_Entry_2017.csv", nih.root.resolve(NihFixture.TABLE_2020))
            .add("train_val_list.txt", "00000001_000.png\n00000001_001.png")
            .add("test_list.txt", "00000002_000.png\n00000003_000.png")
            .add("images_001/images/00000001_000.png", images.resolve("00000001_000.png"))
            .add("images_001/images/00000001_001.png", images.resolve("00000001_001.png"))
            .add("images_002/images/00000002_000.png", images.resolve("00000002_000.png"))
            .add("images_012/images/00000003_000.png", images.resolve("00000003_000.png"))
            .into(root.resolve("data.zip"));
    TableDataset dataset = open("nih/test", archive);
    assertEquals(
        List.of("00000002_000.png", "00000003_000.png"),
        dataset.samples().stream().map(Sample::id).toList());
    assertEquals(
        archive + "!images_002/images/00000002_000.png",
        dataset.file(dataset.samples().get(0)).toString());
    assertTrue(dataset.provenance().contains("data.zip!Data_Entry_2017.csv sha256 "));
  }

  @Test
  void shouldReadSomeImagesFromFoldersAndSomeFromArchives() {
    NihFixture nih = new NihFixture(root).standardTable().image("images/00000001_000.png");
    Path other = new NihFixture(root.resolve("elsewhere")).standardImages("images").root;
    new Packer()
        .add("images/00000001_001.png", other.resolve("images/00000001_001.png"))
        .add("images/00000002_000.png", other.resolve("images/00000002_000.png"))
        .into(root.resolve("images_001.zip"));
    new Packer()
        .add("images/00000003_000.png", other.resolve("images/00000003_000.png"))
        .into(root.resolve("images_002.tar"));
    TableDataset dataset = nih.open();
    assertEquals(4, dataset.samples().size());
    dataset.samples().forEach(sample -> assertEquals(16, dataset.image(sample, 16).width()));
    assertEquals(List.of(), nih.warnings);
  }

  private static final String REPORT =
      """
      <eCitation><uId id="CXR%1$s"/><MeSH><automatic>%2$s</automatic></MeSH>\
      <parentImage id="CXR%1$s_IM-0001-1001"/></eCitation>
      """;

  @Test
  void shouldReadOpenIsReportsFromTheirArchive() {
    Path image = new NihFixture(root.resolve("x")).image("a.png").root.resolve("a.png");
    new Packer()
        .add("ecgen-radiology/10.xml", REPORT.formatted("10", "normal"))
        .add("ecgen-radiology/2.xml", REPORT.formatted("2", "Cardiomegaly"))
        .into(root.resolve("NLMCXR_reports.tgz"));
    new Packer()
        .add("CXR2_IM-0001-1001.png", image)
        .add("CXR10_IM-0001-1001.png", image)
        .into(root.resolve("NLMCXR_png.tar"));
    TableDataset dataset = open("openi", root);
    assertEquals(
        List.of("CXR2_IM-0001-1001", "CXR10_IM-0001-1001"),
        dataset.samples().stream().map(Sample::id).toList());
    assertEquals("Cardiomegaly", Layouts.present(dataset.samples().get(0)));
    assertEquals(16, dataset.image(dataset.samples().get(1), 16).width());
  }

  @Test
  void shouldTellThatTablesInATarGzAreNotLookedFor() {
    NihFixture nih = new NihFixture(root.resolve("files")).standardTable();
    new Packer()
        .add(NihFixture.TABLE_2020, nih.root.resolve(NihFixture.TABLE_2020))
        .into(root.resolve("set").resolve("everything.tar.gz"));
    ProblemException e =
        assertThrows(ProblemException.class, () -> open("nih", root.resolve("set")));
    assertTrue(e.getMessage().contains("in a .tar.gz: unpack them"), e.getMessage());
  }

  @Test
  void shouldNameABrokenMemberAndStillReadTheOthers() {
    NihFixture nih = new NihFixture(root).standardTable();
    Path good = new NihFixture(root.resolve("x")).image("a.png").root.resolve("a.png");
    new Packer()
        .add("images/00000001_000.png", good)
        .add("images/00000001_001.png", "no image".getBytes(StandardCharsets.UTF_8))
        .into(root.resolve("images.zip"));
    TableDataset dataset = nih.open();
    ProblemException e =
        assertThrows(ProblemException.class, () -> dataset.image(dataset.samples().get(1), 16));
    assertEquals(ProblemKind.BAD_DATA, e.kind());
    assertTrue(e.getMessage().contains("images.zip!images/00000001_001.png"), e.getMessage());
    assertEquals(16, dataset.image(dataset.samples().get(0), 16).width());
  }

  private TableDataset failing(String name, String... views) {
    return new TableDataset(
        DataManifests.builtIn(name),
        List.of(root),
        List.of(),
        Set.of(views),
        new Reading(OnMissing.FAIL, Resize.ANTIALIAS, false),
        warnings::add);
  }

  @Test
  void shouldStopAtRowsWithoutAnImageUnlessAFilterOrAViewLeavesThemOut() {
    new NihFixture(root)
        .standardTable()
        .file("train_val_list.txt", "00000001_000.png", "00000001_001.png")
        .file("test_list.txt", "00000002_000.png", "00000003_000.png")
        .image("images/00000001_000.png")
        .image("images/00000001_001.png")
        .image("images/00000002_000.png");
    ProblemException e = assertThrows(ProblemException.class, () -> failing("nih"));
    assertEquals(ProblemKind.BAD_DATA, e.kind());
    assertTrue(
        e.getMessage().startsWith("1 of 4 rows of ")
            && e.getMessage().contains("have no image file: 00000003_000.png; ")
            && e.getMessage().endsWith("leave them out with --missing skip"),
        e.getMessage());
    assertEquals(2, failing("nih/train").samples().size());
    assertEquals(1, failing("nih", "AP").samples().size());
    assertThrows(ProblemException.class, () -> failing("nih/test"));
  }
}
