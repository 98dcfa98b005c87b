package org.xrv.core.dataset.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xrv.core.dataset.ImageFixtures;
import org.xrv.core.dataset.manifest.DataManifests;
import org.xrv.core.dataset.manifest.ExpectedCounts;
import org.xrv.core.dataset.table.TableDataset;

/** Counts of a small NIH, all of them known by hand. */
class DatasetCheckTest {
  @TempDir Path root;

  private TableDataset nih() throws IOException {
    Files.writeString(
        root.resolve("Data_Entry_2017.csv"),
        """
        Image Index,Finding Labels,Patient ID,View Position
        a.png,Mass|Nodule,1,PA
        b.png,No Finding,1,PA
        c.png,Mass,2,PA
        d.png,Mass,3,AP
        """);
    Files.writeString(
        root.resolve("BBox_List_2017.csv"),
        """
        Image Index,Finding Label,Bbox [x,y,w,h],,,
        a.png,Mass,1,1,9,9,,,
        a.png,Mass,20,1,9,9,,,
        a.png,Nodule,1,30,5,5,,,
        d.png,Mass,1,1,9,9,,,
        """);
    Files.writeString(root.resolve("train_val_list.txt"), "a.png\nb.png\nc.png");
    Files.writeString(root.resolve("test_list.txt"), "d.png");
    for (String image : List.of("a.png", "b.png", "c.png", "d.png")) {
      ImageFixtures.gray(root.resolve("images/" + image), image.equals("d.png") ? 20 : 24);
    }
    return new TableDataset(
        DataManifests.builtIn("nih"), List.of(root), java.util.Set.of(), line -> {});
  }

  private static final ExpectedCounts EXPECTED =
      new ExpectedCounts(
          4,
          3,
          Map.of("PA", 3, "AP", 1),
          Map.of("Mass", 3),
          Map.of("train", 3, "test", 1),
          4,
          2,
          4,
          24,
          Map.of("PA", 2),
          Map.of("PA", Map.of("Mass", 2, "Nodule", 1, "No Finding", 1)),
          Map.of("Mass", 3, "Nodule", 1),
          Map.of("PA", Map.of("any", 3, "Mass", 2)));

  @Test
  void shouldCompareEveryCountThatIsStated() throws IOException {
    CheckReport report = new DatasetCheck(nih(), List.of()).report(Optional.of(EXPECTED), false);
    Map<String, Integer> found = new TreeMap<>();
    for (CheckReport.Count count : report.counts()) {
      assertEquals(count.expected(), count.found(), count.what());
      found.put(count.what(), count.found());
    }
    assertEquals(
        new TreeMap<>(
            Map.ofEntries(
                Map.entry("rows", 4),
                Map.entry("images", 4),
                Map.entry("patients", 3),
                Map.entry("view PA", 3),
                Map.entry("view AP", 1),
                Map.entry("patients on PA", 2),
                Map.entry("split train", 3),
                Map.entry("split test", 1),
                Map.entry("Mass", 3),
                Map.entry("Mass on PA", 2),
                Map.entry("Nodule on PA", 1),
                Map.entry("No Finding on PA", 1),
                Map.entry("boxes", 4),
                Map.entry("images with boxes", 2),
                Map.entry("boxes Mass", 3),
                Map.entry("boxes Nodule", 1),
                Map.entry("boxes any on PA", 3),
                Map.entry("boxes Mass on PA", 2))),
        found);
    assertTrue(report.sound());
    assertEquals(Map.of("train", 3, "test", 1), report.splits());
    assertEquals(Map.of("Mass", 3, "Nodule", 1), report.boxes());
  }

  @Test
  void shouldCountTheFilesOfTheOriginalsSize() throws IOException {
    CheckReport report =
        new DatasetCheck(nih(), List.of()).pixels(2, n -> {}).report(Optional.of(EXPECTED), false);
    assertEquals(
        List.of("images of 24 x 24: 3 here, 4 published; fetch the rest, or say --partial"),
        report.issues().stream().map(CheckReport.Issue::message).toList());
    assertTrue(
        new DatasetCheck(nih(), List.of())
            .pixels(2, n -> {})
            .report(Optional.of(EXPECTED), true)
            .sound());
  }

  @Test
  void shouldNameEachCountThatDiffers() throws IOException {
    TableDataset dataset = nih();
    Files.delete(root.resolve("BBox_List_2017.csv"));
    Files.delete(root.resolve("test_list.txt"));
    CheckReport report =
        new DatasetCheck(
                new TableDataset(
                    DataManifests.builtIn("nih"), List.of(root), java.util.Set.of(), line -> {}),
                List.of())
            .report(Optional.of(EXPECTED), false);
    assertEquals(4, dataset.samples().size());
    List<String> messages = report.issues().stream().map(CheckReport.Issue::message).toList();
    assertEquals(7, messages.size(), messages.toString());
    assertTrue(messages.get(0).startsWith("split test: 0 here, 1 published"), messages.get(0));
  }

  @Test
  void shouldTellWhatIsWrongFromWhatIsToBeKnown() throws IOException {
    nih();
    Files.delete(root.resolve("images").resolve("b.png"));
    List<String> said = new java.util.ArrayList<>();
    TableDataset dataset =
        new TableDataset(
            DataManifests.builtIn("nih"), List.of(root), java.util.Set.of(), said::add);
    said.add("nih: something to know");

    CheckReport whole = new DatasetCheck(dataset, said).report(Optional.empty(), false);
    assertEquals(List.of("nih: something to know"), whole.notes());
    assertEquals(List.of(CheckReport.Kind.MISSING), kinds(whole));
    assertEquals(1, whole.issues().size());

    CheckReport part = new DatasetCheck(dataset, said).report(Optional.empty(), true);
    assertTrue(part.sound());
    assertEquals(2, part.notes().size(), part.notes().toString());
    assertTrue(part.notes().get(1).contains("b.png"), part.notes().get(1));
  }

  private static List<CheckReport.Kind> kinds(CheckReport report) {
    return report.issues().stream().map(CheckReport.Issue::kind).toList();
  }
}
