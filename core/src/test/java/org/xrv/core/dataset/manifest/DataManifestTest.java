package org.xrv.core.dataset.manifest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.io.Digests;

/** The manifests that come with the program, and what is said about a wrong one. */
class DataManifestTest {
  private static final Path FOLDER = Path.of(System.getProperty("xrv.project"), "data-manifests");

  private static String nih() throws IOException {
    return Files.readString(FOLDER.resolve("nih.yaml"));
  }

  private static String problem(String yaml) {
    ProblemException e =
        assertThrows(
            ProblemException.class,
            () -> DataManifests.read(yaml.getBytes(StandardCharsets.UTF_8), "nih.yaml"));
    assertEquals(ProblemKind.BAD_DATA, e.kind());
    assertEquals(1, e.getMessage().lines().count(), e.getMessage());
    return e.getMessage();
  }

  @Test
  void shouldPackEveryManifestOfTheProject() throws IOException {
    TreeSet<String> files = new TreeSet<>();
    try (Stream<Path> list = Files.list(FOLDER)) {
      list.forEach(file -> files.add(file.getFileName().toString().replace(".yaml", "")));
    }
    assertEquals(files, new TreeSet<>(DataManifests.NAMES));
    for (String name : files) {
      ManifestFile builtIn = DataManifests.builtIn(name);
      assertEquals(name, builtIn.content().name());
      assertEquals(Digests.sha256(FOLDER.resolve(name + ".yaml")), builtIn.sha256());
    }
  }

  @Test
  void shouldSayWhatNihPublishes() {
    DataManifest nih = DataManifests.builtIn("nih").content();
    assertEquals(14, nih.labels().targets().size());
    assertEquals(Optional.of("Infiltration"), nih.labels().target("Infiltrate"));
    assertEquals(112120, nih.expected().images());
    assertEquals(30805, nih.expected().patients());
    assertEquals(Map.of("PA", 67310, "AP", 44810), nih.expected().views());
    assertEquals(
        nih.expected().images(),
        nih.expected().views().values().stream().mapToInt(Integer::intValue).sum());
    assertEquals(14 + 1, nih.expected().positivesOn().get("PA").size());
    assertEquals(39302, nih.expected().positivesOn().get("PA").get("No Finding"));
    assertEquals(
        nih.expected().boxes(),
        nih.expected().boxesOf().values().stream().mapToInt(Integer::intValue).sum());
    assertEquals(Map.of("any", 529, "Cardiomegaly", 78), nih.expected().boxesOn().get("PA"));
    assertEquals(Map.of("train", 86524, "test", 25596), nih.expected().splits());
    // Both sides of the official split, view by view.
    for (String view : List.of("PA", "AP")) {
      assertEquals(
          nih.expected().views().get(view),
          DataManifests.builtIn("nih/train").content().expected().views().get(view)
              + DataManifests.builtIn("nih/test").content().expected().views().get(view));
    }
    assertEquals(12, nih.archives().size());
    assertEquals("dc9fda1757c2de0032b63347a7d2895c", nih.archives().get(11).md5());
    assertEquals(12, nih.archives().stream().map(DataManifest.Archive::md5).distinct().count());
    assertEquals(List.of("Patient Gender", "Patient Sex"), nih.table().columns().sex());
  }

  /** The published counts of the other sets. */
  @Test
  void shouldStateThePublishedCounts() {
    var rsna = DataManifests.builtIn("rsna").content().expected();
    assertEquals(List.of(30227, 26684, 9555), List.of(rsna.rows(), rsna.images(), rsna.boxes()));
    assertEquals(Map.of("PA", 14511, "AP", 12173), rsna.views());
    assertEquals(Map.of("Lung Opacity", 6012, "Pneumonia", 6012), rsna.positives());
    assertEquals(1348, rsna.positivesOn().get("PA").get("Pneumonia"));
    var mimic = DataManifests.builtIn("mimic").content().expected();
    assertEquals(List.of(377110, 65379), List.of(mimic.images(), mimic.patients()));
    assertEquals(Map.of("train", 368960, "validate", 2991, "test", 5159), mimic.splits());
    assertEquals(Map.of("AP", 147169, "PA", 96155, "LATERAL", 82852, "LL", 35129), mimic.views());
    var chex = DataManifests.builtIn("chex").content().expected();
    assertEquals(List.of(223414, 64540), List.of(chex.images(), chex.patients()));
    assertEquals(Map.of("PA", 29420, "AP", 161590, "LATERAL", 32387), chex.views());
    var siim = DataManifests.builtIn("siim").content().expected();
    assertEquals(List.of(12954, 12047), List.of(siim.rows(), siim.images()));
    assertEquals(Map.of("Pneumothorax", 2669), siim.positives());
    var google = DataManifests.builtIn("google").content().expected();
    assertEquals(
        List.of(4376, 1132, 810),
        List.of(google.rows(), google.views().get("PA"), google.patientsOn().get("PA")));
    assertEquals(7470, DataManifests.builtIn("openi").content().expected().images());
    assertEquals(15000, DataManifests.builtIn("vindr").content().expected().images());
  }

  @Test
  void shouldNameAMisspeltKeyAndTheNearestKnownOne() throws IOException {
    String message = problem(nih().replace("    patient: [", "    pateint: ["));
    assertTrue(message.startsWith("nih.yaml: "), message);
    assertTrue(
        message.contains("unknown key 'table.columns.pateint'; did you mean 'patient'?"), message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "manifest: 1; manifest: 2; is 2",
        "name: nih; name: NIH!; \"name\" is",
        "licence: no; lizence: no; unknown key",
        "side: 1024; 'side: -1'; \"boxes.side\"",
        "side: 1024; 'side: wide'; boxes.side",
        "separator: \"|\"; '# none'; labels.separator",
        "{Infiltrate: Infiltration}; {Infiltrate: Influenza}; Influenza",
        "fe8ed0a6961412fddcbb3603c11b3698; 12; archives.md5",
        "images: 112120; images: -1; cannot be",
        "Hernia: 192; Herna: 192; did you mean 'Hernia'",
        "[images, ; [../images, ; leads out of",
        "title: NIH ChestX-ray14; name: nih; Duplicate",
      })
  void shouldRefuseWhatCannotBe(String from, String to, String expected) throws IOException {
    assertTrue(nih().contains(from), from);
    String message = problem(nih().replaceFirst(java.util.regex.Pattern.quote(from), to));
    assertTrue(message.startsWith("nih.yaml") && message.contains(expected), message);
  }

  @Test
  void shouldLayAVariantOverItsSet() {
    DataManifest train = DataManifests.builtIn("mimic/train").content();
    assertEquals(List.of("train"), train.filters().get("split").in());
    assertEquals(368960, train.expected().images());
    assertEquals(Map.of(), train.expected().views());
    assertEquals(2, train.joins().size());
    assertEquals(Map.of(), DataManifests.builtIn("mimic").content().filters());
    assertEquals(
        List.of("mimic/negbio", "mimic/test", "mimic/train", "mimic/validate"),
        DataManifests.variants("mimic"));
  }

  @Test
  void shouldBindEveryVariantOfEverySet() {
    for (String name : DataManifests.all()) {
      ManifestFile file = DataManifests.builtIn(name);
      assertEquals(name, file.name());
      assertEquals(DataManifests.base(name), file.content().name());
    }
  }

  @Test
  void shouldNotHandOnWhatAnAgreementForbids() {
    for (String name : DataManifests.NAMES) {
      assertEquals(
          name.equals("nih"), DataManifests.builtIn(name).content().redistributable(), name);
    }
    assertTrue(DataManifests.builtIn("mimic").content().agreement().contains("PhysioNet"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "redistributable: true; redistributible: true; did you mean 'redistributable'?",
        "redistributable: true; ; \"redistributable\" is missing",
        "'column: split, in: [train]'; 'column: splti, in: [train]'; did you mean 'split'?",
        "'in: [train]'; 'in: [train], above: 3'; exactly one of",
        "'in: [test]'; 'im: [test]'; did you mean 'in'?",
      })
  void shouldRefuseABrokenVariant(String from, String to, String expected) throws IOException {
    assertTrue(nih().contains(from), from);
    byte[] yaml = nih().replace(from, to == null ? "" : to).getBytes(StandardCharsets.UTF_8);
    ProblemException e =
        assertThrows(
            ProblemException.class,
            () -> {
              DataManifests.read(yaml, "nih.yaml");
              DataManifests.variants(yaml, "nih.yaml");
            });
    assertEquals(ProblemKind.BAD_DATA, e.kind());
    assertTrue(
        e.getMessage().startsWith("nih.yaml") && e.getMessage().contains(expected), e.getMessage());
  }

  @Test
  void shouldRefuseAnEmptyFile() {
    problem("");
    problem("# nothing\n");
    problem("- a list\n");
  }
}
