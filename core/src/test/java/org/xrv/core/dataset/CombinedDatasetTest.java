package org.xrv.core.dataset;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xrv.core.dataset.folder.FolderDataset;
import org.xrv.core.dataset.phantom.PhantomDataset;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;

class CombinedDatasetTest {
  @TempDir Path root;

  @Test
  void shouldAskEachSamplesOwnSet() {
    ImageFixtures.gray(root.resolve("x.png"), 16);
    FolderDataset folder = new FolderDataset(root);
    PhantomDataset phantom = new PhantomDataset(1, 2);
    CombinedDataset both = new CombinedDataset(List.of(phantom, folder));
    assertEquals("phantom+folder", both.name());
    assertEquals(
        List.of("phantom", "phantom", "folder"),
        both.samples().stream().map(Sample::dataset).toList());
    assertArrayEquals(
        folder.image(folder.samples().get(0), 16).pixels(),
        both.image(both.samples().get(2), 16).pixels());
    assertEquals(phantom.provenance() + "; " + folder.provenance(), both.provenance());
  }

  @Test
  void shouldRefuseOneNameTwiceAndStrangersSamples() {
    PhantomDataset phantom = new PhantomDataset(1, 2);
    ProblemException e =
        assertThrows(
            ProblemException.class,
            () -> new CombinedDataset(List.of(phantom, new PhantomDataset(2, 2))));
    assertEquals(ProblemKind.USAGE, e.kind());
    Sample stranger = new Sample("nih", "x", "nih:1", "", Map.of());
    assertThrows(
        IllegalArgumentException.class,
        () -> new CombinedDataset(List.of(phantom)).image(stranger, 16));
  }
}
