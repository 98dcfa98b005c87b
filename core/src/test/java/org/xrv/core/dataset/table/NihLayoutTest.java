package org.xrv.core.dataset.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xrv.core.dataset.Sample;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;

/** Where the files of NIH ChestX-ray14 may lie, and what is said when they do not. */
class NihLayoutTest {
  @TempDir Path root;
  private NihFixture nih;

  @BeforeEach
  void makeTable() {
    nih = new NihFixture(root).standardTable();
  }

  private String problem(Path directory) {
    ProblemException e = assertThrows(ProblemException.class, () -> nih.open(directory));
    assertEquals(ProblemKind.BAD_DATA, e.kind());
    assertEquals(1, e.getMessage().lines().count(), e.getMessage());
    return e.getMessage();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "images",
        "images-224",
        "images_001/images",
        "images_007",
        "images_012/images",
        ""
      })
  void shouldFindImagesIn(String folder) {
    nih.standardImages(folder.isEmpty() ? "." : folder);
    assertEquals(4, nih.open().samples().size());
    assertEquals(List.of(), nih.warnings);
  }

  @Test
  void shouldFindImagesSpreadOverTheTwelveFolders() {
    nih.image("images_001/images/00000001_000.png")
        .image("images_001/images/00000001_001.png")
        .image("images_005/images/00000002_000.png")
        .image("images_012/images/00000003_000.png");
    TableDataset dataset = nih.open();
    assertEquals(
        List.of("00000001_000.png", "00000001_001.png", "00000002_000.png", "00000003_000.png"),
        dataset.samples().stream().map(Sample::id).toList());
    assertEquals(32, dataset.image(dataset.samples().get(3), 32).width());
  }

  @Test
  void shouldTakeTheOriginalsWhenResizedCopiesLieBeside() {
    nih.standardImages("images").standardImages("images-224");
    TableDataset dataset = nih.open();
    assertEquals(
        "images",
        dataset.file(dataset.samples().get(0)).path().orElseThrow().getParent().getFileName() + "");
  }

  @Test
  void shouldNotTakeWhatMacOsLeavesBehind() {
    nih.file("images/._00000001_000.png", "resource fork").standardImages("images_001");
    assertEquals(4, nih.open().samples().size());
    assertEquals(List.of(), nih.warnings);
  }

  @Test
  void shouldAcceptTheImageFolderAndTheBoxFolderAbove() {
    nih.standardImages("images");
    assertEquals(4, nih.open(root.resolve("images")).samples().size());
    NihFixture box = new NihFixture(root.resolve("download/ChestXray-NIHCC"));
    box.standardTable().standardImages("images");
    assertEquals(4, box.open(root.resolve("download")).samples().size());
  }

  @Test
  void shouldTakeTheFirstDirectoryThatHoldsATable() {
    NihFixture below = new NihFixture(root.resolve("NIH")).standardTable().standardImages("images");
    TableDataset dataset =
        new TableDataset(
            org.xrv.core.dataset.manifest.DataManifests.builtIn("nih"),
            List.of(root.resolve("nowhere"), below.root, root),
            java.util.Set.of(),
            nih.warnings::add);
    assertTrue(dataset.file(dataset.samples().get(0)).path().orElseThrow().startsWith(below.root));
  }

  @Test
  void shouldListWhereItLookedForTheTable() {
    Path empty = root.resolve("empty");
    String message = problem(empty);
    assertTrue(message.contains("no Data_Entry_2017_v2020.csv or Data_Entry_2017.csv in " + empty));
    assertTrue(message.contains(empty.resolve("ChestXray-NIHCC") + " (no such directory)"));
    assertTrue(message.contains("name the directory that holds it"), message);
    assertTrue(message.contains("https://nihcc.app.box.com/v/ChestXray-NIHCC"), message);
  }

  @Test
  void shouldListWhereItLookedForImages() {
    nih.image("pictures/00000001_000.png");
    String message = problem(root);
    assertTrue(
        message.contains("none of its 4 images is there, such as 00000001_000.png"), message);
    assertTrue(message.contains(root.resolve("images") + " (no such folder)"), message);
    assertTrue(message.contains("put the images or their archives there"), message);
  }

  @Test
  void shouldWarnOnceAboutRowsWithoutAFile() {
    nih.image("images/00000002_000.png");
    assertEquals(1, nih.open().samples().size());
    assertEquals(1, nih.warnings.size());
    assertEquals(
        "3 of 4 rows of "
            + root.resolve("Data_Entry_2017_v2020.csv")
            + " have no image file and are left out: 00000001_000.png, 00000001_001.png,"
            + " 00000003_000.png",
        nih.warnings.get(0));
  }
}
