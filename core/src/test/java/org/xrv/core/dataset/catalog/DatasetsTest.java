package org.xrv.core.dataset.catalog;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xrv.core.dataset.Dataset;
import org.xrv.core.dataset.Finding;
import org.xrv.core.dataset.ImageFixtures;
import org.xrv.core.dataset.PatientSplit;
import org.xrv.core.dataset.Sample;
import org.xrv.core.dataset.phantom.PhantomDataset;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;

/** From the names that a user types to data sets. */
class DatasetsTest {
  @TempDir Path root;
  private final List<String> warnings = new ArrayList<>();

  private Dataset open(Optional<Path> place, Set<String> views, String... names) {
    return Datasets.open(List.of(names), place, views, 7, 20, warnings::add);
  }

  private Dataset open(String... names) {
    return open(Optional.of(root), Set.of(), names);
  }

  private ProblemException problem(Optional<Path> place, String... names) {
    ProblemException e = assertThrows(ProblemException.class, () -> open(place, Set.of(), names));
    assertEquals(1, e.getMessage().lines().count(), e.getMessage());
    return e;
  }

  private void nihIn(String folder) throws IOException {
    Path place = Files.createDirectories(root.resolve(folder));
    Files.writeString(
        place.resolve("Data_Entry_2017_v2020.csv"),
        "Image Index,Finding Labels,Patient ID,View Position\n00000001_000.png,Mass,1,PA\n");
    ImageFixtures.gray(place.resolve("images/00000001_000.png"), 16);
  }

  @Test
  void shouldKnowItsNames() {
    assertEquals(
        List.of(
            "phantom", "folder", "nih", "pc", "rsna", "mimic", "chex", "siim", "google", "openi",
            "vindr"),
        Datasets.names());
  }

  @Test
  void shouldOpenThePhantomWithoutFiles() {
    Dataset phantom = open(Optional.empty(), Set.of(), "phantom");
    assertInstanceOf(PhantomDataset.class, phantom);
    assertEquals(20, phantom.samples().size());
  }

  @Test
  void shouldChooseThePhantomsViews() {
    Dataset pa = open(Optional.empty(), Set.of("pa"), "phantom");
    assertTrue(
        pa.samples().size() > 0 && pa.samples().stream().allMatch(s -> s.view().equals("PA")));
    assertEquals(16, pa.image(pa.samples().get(0), 16).width());
    ProblemException e =
        assertThrows(ProblemException.class, () -> open(Optional.empty(), Set.of("LL"), "phantom"));
    assertEquals(ProblemKind.USAGE, e.kind());
  }

  @Test
  void shouldTakeEveryViewForTheWordAll() {
    assertEquals(
        open(Optional.empty(), Set.of(), "phantom").samples(),
        open(Optional.empty(), Set.of("All"), "phantom").samples());
    ProblemException e =
        assertThrows(
            ProblemException.class, () -> open(Optional.empty(), Set.of("all", "PA"), "phantom"));
    assertEquals(ProblemKind.USAGE, e.kind());
    assertTrue(e.getMessage().endsWith("expected names such as PA or PA,AP, or all alone"));
    assertEquals(List.of("PA"), Views.DEFAULT);
  }

  @Test
  void shouldFindEachSetInItsOwnFolderOfASharedRoot() throws IOException {
    nihIn("NIH");
    ImageFixtures.gray(root.resolve("Folder/x.png"), 16);
    Dataset both = open("nih", "folder", "phantom");
    assertEquals("nih+folder+phantom", both.name());
    assertEquals(22, both.samples().size());
    assertEquals(
        List.of("00000001_000.png", "x.png"),
        both.samples().subList(0, 2).stream().map(Sample::id).toList());
    for (Sample sample : both.samples()) {
      Dataset alone = open(sample.dataset());
      if (!sample.dataset().equals("folder")) {
        assertArrayEquals(
            alone.image(sample, 16).pixels(), both.image(sample, 16).pixels(), sample.id());
        assertEquals(
            alone.mask(sample, "Cardiomegaly", 16).isPresent(),
            both.mask(sample, "Cardiomegaly", 16).isPresent());
      }
    }
    assertTrue(both.provenance().contains("nih: NIH ChestX-ray14, 1 images of 1 patients"));
    assertTrue(both.provenance().contains("; folder: 1 images below "));
    assertEquals(List.of(), warnings);
  }

  @Test
  void shouldFindASetInTheRootItself() throws IOException {
    nihIn(".");
    assertEquals(1, open("nih").samples().size());
    Files.createDirectories(root.resolve("nih"));
    assertEquals(1, open("nih").samples().size());
  }

  @Test
  void shouldTakeTheRootItselfAsTheOnlyFolder() {
    ImageFixtures.gray(root.resolve("folder/x.png"), 16);
    ImageFixtures.gray(root.resolve("y.png"), 16);
    assertEquals(2, open("folder").samples().size());
  }

  @Test
  void shouldWarnThatAFoldersViewsAreUnknown() {
    ImageFixtures.gray(root.resolve("x.png"), 16);
    assertEquals(1, open(Optional.of(root), Set.of("PA"), "folder").samples().size());
    assertEquals(1, warnings.size());
  }

  @Test
  void shouldSuggestAName() {
    ProblemException e = problem(Optional.empty(), "fantom");
    assertEquals(ProblemKind.USAGE, e.kind());
    assertEquals(
        "unknown data set \"fantom\"; did you mean 'phantom'? (known: phantom, folder, nih, pc, rsna, mimic,"
            + " chex, siim, google, openi, vindr, or the path of a manifest, NAME.yaml)",
        e.getMessage());
    assertEquals(ProblemKind.USAGE, problem(Optional.empty(), "phantom", "phantom").kind());
    assertEquals(ProblemKind.USAGE, problem(Optional.empty()).kind());
  }

  @Test
  void shouldAskForTheRoot() {
    ProblemException e = problem(Optional.empty(), "phantom", "nih");
    assertEquals(ProblemKind.USAGE, e.kind());
    assertEquals(
        "--data nih needs --data-root DIR, the directory that holds NIH ChestX-ray14",
        e.getMessage());
    assertTrue(problem(Optional.empty(), "folder").getMessage().startsWith("--data folder needs"));
  }

  @Test
  void shouldListEveryPlaceThatItTried() throws IOException {
    Files.createDirectories(root.resolve("NIH"));
    String message = problem(Optional.of(root), "nih").getMessage();
    assertTrue(message.contains(root.resolve("NIH") + ", "), message);
    assertTrue(message.contains(", " + root + ", "), message);
  }

  @Test
  void shouldOpenAVariantBesideItsSet() throws IOException {
    nihIn("NIH");
    Files.writeString(root.resolve("NIH/test_list.txt"), "00000001_000.png");
    assertEquals(1, open("nih/test").samples().size());
    assertEquals("nih/test", open("nih/test").name());
    assertTrue(
        problem(Optional.of(root), "nih/train").getMessage().contains("split 1 (not in train_val"));
    ProblemException e = problem(Optional.of(root), "nih/tset");
    assertEquals(ProblemKind.USAGE, e.kind());
    assertEquals(
        "unknown variant \"nih/tset\" of a data set; did you mean 'nih/test'? (known: nih/test,"
            + " nih/train)",
        e.getMessage());
  }

  @Test
  void shouldKeepAPersonOfSeveralSetsOnOneSide() throws IOException {
    // 40 people, of each an image in NIH, the same one in RSNA, and Google's labels of it.
    StringBuilder nih = new StringBuilder("Image Index,Finding Labels,Patient ID,View Position\n");
    StringBuilder rsna = new StringBuilder("patientId,x,y,width,height,Target\n");
    StringBuilder google =
        new StringBuilder(
            "Image Index,Patient ID,View Position,Fracture,Pneumothorax,Airspace opacity,Nodule or"
                + " mass,Set Id\n");
    List<String> mapping = new ArrayList<>();
    for (int i = 1; i <= 40; i++) {
      String image = String.format("%08d_000.png", i);
      nih.append(image).append(",Mass,").append(i).append(",PA\n");
      google.append(image).append(",").append(i).append(",PA,NO,NO,NO,NO,test\n");
      rsna.append("r").append(i).append(",,,,,0\n");
      mapping.add("{\"subset_img_id\": \"r" + i + "\", \"img_id\": \"" + image + "\"}");
      ImageFixtures.gray(root.resolve("nih/images/" + image), 16);
      ImageFixtures.gray(root.resolve("rsna/stage_2_train_images/r" + i + ".png"), 16);
    }
    Files.writeString(root.resolve("nih/Data_Entry_2017.csv"), nih);
    Files.writeString(root.resolve("rsna/stage_2_train_labels.csv"), rsna);
    Path file = root.resolve("rsna/pneumonia-challenge-dataset-mappings_2018.json");
    Files.writeString(file, mapping.toString());
    Files.createDirectories(root.resolve("google"));
    Files.writeString(root.resolve("google/google2019_nih-chest-xray-labels.csv"), google);

    List<Sample> samples = open("nih", "rsna", "google").samples();
    assertEquals(120, samples.size());
    assertEquals(List.of(), warnings);
    PatientSplit split = PatientSplit.of(samples, 0.4, 3);
    assertEquals(Set.of(), onBothSides(split));
    assertEquals(0, split.validation().size() % 3, "each person with all three images");
    // Whoever else is there, and in whatever order.
    Set<String> alone = patients(PatientSplit.of(open("rsna").samples(), 0.4, 3).validation());
    assertEquals(patients(split.validation()), alone);

    Files.delete(file);
    assertEquals(80, open("nih", "rsna").samples().size());
    assertEquals(1, warnings.size());
    assertTrue(warnings.get(0).contains("one person can be on both sides"), warnings.get(0));
  }

  private static Set<String> patients(List<Sample> samples) {
    return samples.stream().map(Sample::patient).collect(java.util.stream.Collectors.toSet());
  }

  private static Set<String> onBothSides(PatientSplit split) {
    Set<String> both = patients(split.training());
    both.retainAll(patients(split.validation()));
    return both;
  }

  @Test
  void shouldFindTheImagesOfAnotherSet() throws IOException {
    nihIn("NIH");
    Path place = Files.createDirectories(root.resolve("google"));
    Files.writeString(
        place.resolve("google2019_nih-chest-xray-labels.csv"),
        "Image Index,Patient ID,View Position,Fracture,Pneumothorax,Airspace opacity,"
            + "Nodule or mass,Set Id\n00000001_000.png,1,PA,NO,YES,NO,,test\n");
    Dataset both = open("google", "nih");
    assertEquals(List.of("nih:1", "nih:1"), both.samples().stream().map(Sample::patient).toList());
    Sample labelled = both.samples().get(0);
    assertEquals(Finding.PRESENT, labelled.label("Pneumothorax"));
    assertEquals(Finding.ABSENT, labelled.label("Lung Opacity"));
    assertEquals(Finding.UNKNOWN, labelled.label("Nodule/Mass"));
    assertEquals(16, both.image(labelled, 16).width());
  }
}
