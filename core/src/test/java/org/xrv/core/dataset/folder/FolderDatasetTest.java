package org.xrv.core.dataset.folder;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xrv.core.dataset.Finding;
import org.xrv.core.dataset.ImageFixtures;
import org.xrv.core.dataset.Sample;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.image.ImageFiles;
import org.xrv.core.image.Preprocessing;

class FolderDatasetTest {
  @TempDir Path root;

  private static String problem(Path folder) {
    ProblemException e = assertThrows(ProblemException.class, () -> new FolderDataset(folder));
    assertEquals(ProblemKind.BAD_DATA, e.kind());
    assertEquals(1, e.getMessage().lines().count());
    assertTrue(e.getMessage().contains(folder.toString()), e.getMessage());
    return e.getMessage();
  }

  @Test
  void shouldListEveryVisibleImageBelowInOrder() throws IOException {
    ImageFixtures.gray(root.resolve("b.png"), 8);
    ImageFixtures.gray(root.resolve("deep/er/a.JPG"), 8);
    ImageFixtures.gray(root.resolve("a.jpeg"), 8);
    ImageFixtures.gray(root.resolve(".hidden.png"), 8);
    ImageFixtures.gray(root.resolve(".cache/c.png"), 8);
    Files.writeString(root.resolve("notes.txt"), "no image");
    FolderDataset dataset = new FolderDataset(root);
    assertEquals(
        List.of("a.jpeg", "b.png", "deep/er/a.JPG"),
        dataset.samples().stream().map(Sample::id).toList());
    assertEquals(3, dataset.samples().stream().map(Sample::patient).distinct().count());
    assertTrue(dataset.provenance().startsWith("folder: 3 images below "), dataset.provenance());
  }

  @Test
  void shouldFollowLinksButNotInCircles() throws IOException {
    Path elsewhere = Files.createDirectories(root.resolve("elsewhere"));
    ImageFixtures.gray(elsewhere.resolve("x.png"), 8);
    Path folder = Files.createDirectories(root.resolve("folder"));
    Files.createSymbolicLink(folder.resolve("linked"), elsewhere);
    Files.createSymbolicLink(folder.resolve("circle"), folder);
    assertEquals(
        List.of("linked/x.png"),
        new FolderDataset(folder).samples().stream().map(Sample::id).toList());
  }

  @Test
  void shouldReadPixelsAndKnowNoLabels() {
    Path file = ImageFixtures.gray(root.resolve("x.png"), 40);
    FolderDataset dataset = new FolderDataset(root);
    Sample sample = dataset.samples().get(0);
    assertArrayEquals(
        Preprocessing.apply(ImageFiles.read(file), 32).pixels(),
        dataset.image(sample, 32).pixels());
    assertEquals(Finding.UNKNOWN, sample.label("Cardiomegaly"));
    assertEquals(Optional.empty(), dataset.mask(sample, "Cardiomegaly", 32));
  }

  @Test
  void shouldNameATruncatedImageAndStillReadTheOthers() {
    ImageFixtures.gray(root.resolve("good.png"), 40);
    ImageFixtures.truncated(root.resolve("bad.png"), 40);
    FolderDataset dataset = new FolderDataset(root);
    ProblemException e =
        assertThrows(ProblemException.class, () -> dataset.image(dataset.samples().get(0), 32));
    assertEquals(ProblemKind.BAD_DATA, e.kind());
    assertTrue(e.getMessage().contains("bad.png"), e.getMessage());
    assertEquals(32, dataset.image(dataset.samples().get(1), 32).width());
  }

  @Test
  void shouldSayWhatToDoAboutAMissingOrEmptyFolder() throws IOException {
    assertTrue(problem(root.resolve("nowhere")).contains("name one that holds PNG, JPEG or DICOM"));
    Files.createDirectories(root.resolve("empty/below"));
    assertTrue(problem(root.resolve("empty")).contains("name the directory that holds"));
    Path file = Files.writeString(root.resolve("file.png"), "");
    problem(file);
  }

  @Test
  void shouldRefuseASampleOfAnotherSet() {
    ImageFixtures.gray(root.resolve("x.png"), 8);
    FolderDataset dataset = new FolderDataset(root);
    Sample other = new Sample("nih", "x.png", "nih:1", "PA", java.util.Map.of());
    assertThrows(IllegalArgumentException.class, () -> dataset.image(other, 8));
  }
}
