package org.xrv.core.dataset.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.xrv.core.dataset.Finding;
import org.xrv.core.dataset.PatientSplit;
import org.xrv.core.dataset.Sample;
import org.xrv.core.dataset.manifest.DataManifests;
import org.xrv.core.image.GrayImage;

/** Real NIH X-rays, where they are: 951 resized ones and 57 originals. */
class NihSharedTest {
  private static final Path XRAYS = Path.of(System.getProperty("xrv.shared"), "data", "xrays");
  private final List<String> warnings = new ArrayList<>();

  private TableDataset open(String folder, String... views) {
    Path root = XRAYS.resolve(folder);
    assumeTrue(Files.isDirectory(root), "the X-rays are not here");
    return new TableDataset(
        DataManifests.builtIn("nih"), List.of(root), Set.of(views), warnings::add);
  }

  private static long count(TableDataset dataset, String target) {
    return dataset.samples().stream().filter(s -> s.label(target) == Finding.PRESENT).count();
  }

  @Test
  void shouldReadTheResizedSet() {
    TableDataset all = open("nih224");
    assertEquals(List.of(), warnings);
    assertEquals(951, all.samples().size());
    assertEquals(647, all.samples().stream().map(Sample::patient).distinct().count());
    assertEquals(468, count(all, "Pneumonia"));
    assertEquals(174, count(all, "Infiltration"));
    assertEquals(18, count(all, "Cardiomegaly"));
    assertEquals(4, count(all, "Hernia"));
    assertEquals(
        478,
        all.samples().stream().filter(s -> !s.labels().containsValue(Finding.PRESENT)).count());
    assertEquals(409, open("nih224", "PA").samples().size());
    assertEquals(542, open("nih224", "AP").samples().size());
  }

  @Test
  void shouldReadEveryImageOfTheResizedSetOverItsRange() {
    TableDataset dataset = open("nih224", "PA");
    for (Sample sample : dataset.samples()) {
      GrayImage image = dataset.image(sample, 64);
      float low = 1024;
      float high = -1024;
      for (float p : image.pixels()) {
        low = Math.min(low, p);
        high = Math.max(high, p);
      }
      assertTrue(low >= -1024 && high <= 1024 && high - low > 200, sample.id());
    }
  }

  @Test
  void shouldDrawTheMasksOfTheResizedSet() {
    TableDataset dataset = open("nih224");
    Set<String> targets = dataset.samples().get(0).labels().keySet();
    int masks = 0;
    for (Sample sample : dataset.samples()) {
      for (String target : targets) {
        Optional<GrayImage> mask = dataset.mask(sample, target, 32);
        masks += mask.isPresent() ? 1 : 0;
      }
    }
    // 49 boxes on 44 images; no image has two of one target except where the union is one mask.
    assertTrue(masks >= 44 && masks <= 49, "drew " + masks);
  }

  @Test
  void shouldSplitTheResizedSetByPatient() {
    PatientSplit split = PatientSplit.of(open("nih224").samples(), 0.1, 1);
    Set<String> training =
        split.training().stream().map(Sample::patient).collect(Collectors.toSet());
    Set<String> validation =
        split.validation().stream().map(Sample::patient).collect(Collectors.toSet());
    assertTrue(Collections.disjoint(training, validation));
    assertEquals(647, training.size() + validation.size());
    assertTrue(validation.size() > 40 && validation.size() < 90, "took " + validation.size());
  }

  @Test
  void shouldReadTheOriginalsWithTheirBoxes() {
    TableDataset dataset = open("originals/NIH");
    assertEquals(57, dataset.samples().size());
    assertEquals(List.of(), warnings);
    Sample heart =
        dataset.samples().stream()
            .filter(s -> s.id().equals("00008365_000.png"))
            .findFirst()
            .orElseThrow();
    assertEquals(224, dataset.image(heart, 224).width());
    GrayImage mask = dataset.mask(heart, "Cardiomegaly", 1024).orElseThrow();
    // 337.9, 509.6, 417.6 x 403.5
    assertEquals(1, mask.at(510, 338));
    assertEquals(0, mask.at(509, 338));
    assertEquals(0, mask.at(510, 337));
    double sum = 0;
    for (float p : mask.pixels()) {
      sum += p;
    }
    assertEquals(417.627 * 403.525, sum, 500);
  }
}
